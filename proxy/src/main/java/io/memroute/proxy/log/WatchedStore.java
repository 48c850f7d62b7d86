package io.memroute.proxy.log;

import io.memroute.protocol.Command;
import io.memroute.store.StoreEvents;

/**
 * Writes to the streams {@code deletions} and {@code evictions} which items leave the embedded store.
 *
 * @see "memcached's doc/protocol.txt, section Watchers"
 */
public final class WatchedStore implements StoreEvents {

    private final LogStreams streams;

    public WatchedStore(LogStreams streams) {
        this.streams = streams;
    }

    @Override
    public boolean wantsDeletions() {
        return streams.watched(LogStream.DELETIONS);
    }

    @Override
    public void deleted(byte[] key, Command command, int slabClass, int valueBytes) {
        streams.write(
                LogStream.DELETIONS,
                streams.line("deleted")
                        .addEncoded("key", key)
                        .add("cmd", command.word())
                        .add("clsid", slabClass)
                        .add("size", valueBytes));
    }

    @Override
    public boolean wantsEvictions() {
        return streams.watched(LogStream.EVICTIONS);
    }

    @Override
    public void evicted(byte[] key, boolean fetched, int ttlSeconds, int idleSeconds, int slabClass, int valueBytes) {
        streams.write(
                LogStream.EVICTIONS,
                streams.line("eviction")
                        .addEncoded("key", key)
                        .add("fetch", fetched ? "yes" : "no")
                        .add("ttl", ttlSeconds)
                        .add("la", idleSeconds)
                        .add("clsid", slabClass)
                        .add("size", valueBytes));
    }
}
