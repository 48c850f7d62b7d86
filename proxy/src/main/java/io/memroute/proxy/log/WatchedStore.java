package io.memroute.proxy.log;

import io.memroute.protocol.Command;
import io.memroute.store.StoreEvents;

/**
 * Tells those who watch the stream {@code deletions} what clients delete from the embedded store.
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
        streams.write(LogStream.DELETIONS, streams.line("deleted")
                .addEncoded("key", key)
                .add("cmd", command.word())
                .add("clsid", slabClass)
                .add("size", valueBytes));
    }
}
