package io.memroute.proxy.hash.scheme.mcrouter;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.Weights;
import io.memroute.proxy.hash.function.Scratch;
import io.memroute.proxy.hash.function.Spooky;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * mcrouter's {@code WeightedCh3}: {@link Ch3}, but a server keeps only the fraction of its keys that its weight says.
 * The others are tried again with the number of the try after the key, its digits from right to left.
 */
public final class WeightedCh3 implements KeyLocator {

    public static final Scheme SCHEME = Scheme.named("mcrouter-weighted-ch3")
            .hash("murmur64a", HashFunction.MURMUR2_64)
            .weights(Weights.FRACTION)
            .seeded()
            .by((servers, hash, seed) -> Salted.of(new WeightedCh3(servers), seed));

    /** The digits of the last try's number. */
    static final int LONGEST_SUFFIX_BYTES = 2;

    private static final int MOST_TRIES = 32;

    private static final long SPOOKY_SEED = 0xface_2014L;

    private final Ch3 ch3;
    /** The bound of each server: it keeps the keys whose 32 bits are below it. */
    private final long[] kept;

    private WeightedCh3(List<ServerName> servers) {
        ch3 = new Ch3(servers.size());
        kept = servers.stream()
                .mapToLong(server -> (long) (server.weight() * 0xffff_ffffL))
                .toArray();
    }

    @Override
    public int place(ByteBuf key, int index, int length) {
        int place = ch3.place(key, index, length);
        if (keeps(place, key, index, length)) {
            return place;
        }
        Scratch scratch = Scratch.ofThread();
        scratch.begin(key, index, length, LONGEST_SUFFIX_BYTES);
        ByteBuf tried = scratch.buffer();
        for (int i = 0; i < MOST_TRIES - 1; i++) {
            int end = length;
            int number = i;
            do {
                tried.setByte(end++, '0' + number % 10);
                number /= 10;
            } while (number > 0);
            place = ch3.place(tried, 0, end);
            if (keeps(place, tried, 0, end)) {
                return place;
            }
        }
        return place;
    }

    @Override
    public long hash(ByteBuf key, int index, int length) {
        return ch3.hash(key, index, length);
    }

    private boolean keeps(int place, ByteBuf key, int index, int length) {
        return Spooky.of(key, index, length, SPOOKY_SEED) < kept[place];
    }
}
