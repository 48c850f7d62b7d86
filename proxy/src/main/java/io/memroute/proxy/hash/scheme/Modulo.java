package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.ServerName;
import java.util.List;

/** The remainder of a hash, as an index into a list that has each server as often as its weight says. */
final class Modulo implements KeyLocator.OfHash {

    /** The server of each place in the list. */
    private final int[] places;

    private Modulo(int[] places) {
        this.places = places;
    }

    /** A list of servers with whole weights, in their order. */
    static Modulo of(List<ServerName> servers) {
        int[] places = new int
                [servers.stream().mapToInt(server -> (int) server.weight()).sum()];
        int next = 0;
        for (int server = 0; server < servers.size(); server++) {
            for (int i = 0; i < (int) servers.get(server).weight(); i++) {
                places[next++] = server;
            }
        }
        return new Modulo(places);
    }

    /** @param hash 0 or more */
    @Override
    public int place(long hash) {
        return places[(int) (hash % places.length)];
    }
}
