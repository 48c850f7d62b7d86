package io.memroute.bench.store;

import java.util.random.RandomGenerator;

/**
 * Numbers from 0 on, of which the k-th is asked for in proportion to 1 / k^skew.
 *
 * @see "Gray et al., Quickly Generating Billion-Record Synthetic Databases, SIGMOD 1994, section 3.2"
 */
final class Zipf {

    private final long count;
    private final double skew;
    private final double alpha;
    private final double zetan;
    private final double eta;

    Zipf(long count, double skew) {
        this.count = count;
        this.skew = skew;
        this.alpha = 1 / (1 - skew);
        this.zetan = zeta(count, skew);
        this.eta = (1 - Math.pow(2.0 / count, 1 - skew)) / (1 - zeta(2, skew) / zetan);
    }

    private static double zeta(long count, double skew) {
        double sum = 0;
        for (long i = 1; i <= count; i++) {
            sum += 1 / Math.pow(i, skew);
        }
        return sum;
    }

    long next(RandomGenerator random) {
        double u = random.nextDouble();
        double uz = u * zetan;
        if (uz < 1) {
            return 0;
        }
        if (uz < 1 + Math.pow(0.5, skew)) {
            return 1;
        }
        return (long) (count * Math.pow(eta * u - eta + 1, alpha));
    }
}
