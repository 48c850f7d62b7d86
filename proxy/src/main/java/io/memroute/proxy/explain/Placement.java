package io.memroute.proxy.explain;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.hash.KeyDistributor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.Map;

/** Whether pools put keys on the same backends, found by hashing keys in both. */
final class Placement {

    /** Two different placements over two backends agree on all of these once in 2^500. */
    private static final int SAMPLE_KEYS = 500;

    private static final ByteBuf[] KEYS = new ByteBuf[SAMPLE_KEYS];

    static {
        for (int i = 0; i < SAMPLE_KEYS; i++) {
            KEYS[i] = Unpooled.copiedBuffer("key:" + i, US_ASCII);
        }
    }

    private final Map<PoolSpec, KeyDistributor> distributors = new HashMap<>();

    boolean isSame(PoolSpec a, PoolSpec b) {
        KeyDistributor inA = distributors.computeIfAbsent(a, PoolSpec::distributor);
        KeyDistributor inB = distributors.computeIfAbsent(b, PoolSpec::distributor);
        for (ByteBuf key : KEYS) {
            String backendInA =
                    a.backends().get(inA.select(key, 0, key.readableBytes())).address();
            String backendInB =
                    b.backends().get(inB.select(key, 0, key.readableBytes())).address();
            if (!backendInA.equals(backendInB)) {
                return false;
            }
        }
        return true;
    }
}
