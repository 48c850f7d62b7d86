package io.memroute.proxy.hash.scheme.mcrouter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.function.Murmur2;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** The scores of mcrouter's rendezvous: 64 bits for each server and key. */
final class Scores {

    private static final long KEY_SEED = 2718281828L;

    private static final long FACTOR = 0x9ddf_ea08_eb38_2d69L;

    /** The hash of each server's tag. */
    private final long[] hashes;

    /** @param servers with names that are mcrouter's {@code tags}; in their place host and port */
    Scores(List<ServerName> servers) {
        hashes = servers.stream()
                .map(server -> server.name().orElse(server.host() + ":" + server.port()))
                .mapToLong(tag -> {
                    byte[] bytes = tag.getBytes(UTF_8);
                    return Murmur2.of64(Unpooled.wrappedBuffer(bytes), 0, bytes.length, Ch3.SEED);
                })
                .toArray();
    }

    int servers() {
        return hashes.length;
    }

    static long keyHash(ByteBuf key, int index, int length) {
        return Murmur2.of64(key, index, length, KEY_SEED);
    }

    long of(int server, long keyHash) {
        long hash = hashes[server];
        long mixed = (keyHash ^ hash) * FACTOR;
        mixed = (hash ^ mixed ^ mixed >>> 47) * FACTOR;
        return (mixed ^ mixed >>> 47) * FACTOR;
    }
}
