package io.memroute.proxy.route.choice;

import io.memroute.protocol.Request;
import io.memroute.proxy.hash.KeyFraction;
import java.util.List;

/**
 * Chooses a child for each key, always the same, so that every child gets its weight's share of the keys. When weights
 * change, keys move only to children whose share grows.
 *
 * <p>Weighted rendezvous hashing: every child draws a number from the key, and the largest after weighing wins. Any
 * thread.
 */
public final class WeightedChoice {

    /** -1 / weight; negative infinity for a child without keys. */
    private final double[] negativeInverse;
    /** A salt for each child, which makes its draw its own; depends on its position alone. */
    private final long[] salts;

    /** @param weights one for each child, none negative, not all 0 */
    public WeightedChoice(List<Double> weights) {
        this.negativeInverse = new double[weights.size()];
        this.salts = new long[weights.size()];
        for (int i = 0; i < negativeInverse.length; i++) {
            negativeInverse[i] = -1 / weights.get(i);
            salts[i] = mix(i + 1L);
        }
    }

    /** Returns the child of a request's key. */
    public int select(Request request) {
        return select(KeyFraction.hash(request.buffer(), request.keyIndex(), request.keyLength()));
    }

    /** Returns the child of a key with that hash. */
    public int select(long keyHash) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < salts.length; i++) {
            // 1 - x is in (0, 1]: its logarithm is finite. An exponential draw with the weight as its rate: the least
            // wins.
            double draw = Math.log(1 - KeyFraction.ofHash(mix(keyHash ^ salts[i]))) * negativeInverse[i];
            if (draw < least) {
                least = draw;
                best = i;
            }
        }
        return best;
    }

    /** Stafford's mix 13: every bit of the result depends on every bit of the input. */
    public static long mix(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ mixed >>> 31;
    }
}
