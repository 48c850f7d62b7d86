package io.memroute.proxy.discovery;

/**
 * The place of a server in a pool.
 *
 * @param down whether its source names it no more: its place is kept for a while, so that no keys move
 */
public record Slot(FoundServer server, boolean down) {

    public static Slot up(FoundServer server) {
        return new Slot(server, false);
    }
}
