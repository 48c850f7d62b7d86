package io.memroute.proxy.hash.scheme.mcrouter;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;
import io.netty.buffer.ByteBuf;

/** mcrouter's {@code ConstShard}: a key {@code x:NUMBER:y} names the server by its place, others go by {@link Ch3}. */
public final class ConstShard implements KeyLocator {

    public static final Scheme SCHEME = Scheme.named("mcrouter-const-shard")
            .hash("murmur64a", HashFunction.MURMUR2_64)
            .seeded()
            .by((servers, hash, seed) -> Salted.of(new ConstShard(servers.size()), seed));

    private final int servers;
    private final Ch3 ch3;

    private ConstShard(int servers) {
        this.servers = servers;
        ch3 = new Ch3(servers);
    }

    @Override
    public int place(ByteBuf key, int index, int length) {
        int named = named(key, index, index + length);
        return named >= 0 ? named : ch3.place(key, index, length);
    }

    @Override
    public long hash(ByteBuf key, int index, int length) {
        return ch3.hash(key, index, length);
    }

    /** The number between the first two colons if there is a server with it; else -1. */
    private int named(ByteBuf key, int index, int end) {
        int at = index;
        while (at < end && key.getByte(at) != ':') {
            at++;
        }
        int first = ++at;
        long number = 0;
        for (; at < end; at++) {
            int digit = key.getByte(at) - '0';
            if (digit == ':' - '0') {
                return at > first && number < servers ? (int) number : -1;
            }
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = Math.min(10 * number + digit, servers);
        }
        return -1;
    }
}
