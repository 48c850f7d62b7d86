package io.memroute.app.placement;

import io.memroute.proxy.text.Shown;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Counts the keys about which two placements agree. Not thread-safe. */
public final class Agreement {

    /** Enough to see a pattern in. */
    private static final int SHOWN = 10;

    private long keys;
    private long same;
    private final List<Difference> first = new ArrayList<>();

    /**
     * A key about which they do not agree.
     *
     * @param here the server by the configuration, {@code HOST:PORT}
     * @param there the server by what it is compared with, or words that say why there is none
     */
    public record Difference(String key, String here, String there) {}

    /**
     * The outcome.
     *
     * @param share the part of the keys that are the same, 0 to 1
     * @param first the first differences
     */
    public record Result(long keys, long same, double share, List<Difference> first) {

        public Result {
            first = List.copyOf(first);
        }

        public boolean isWhole() {
            return same == keys;
        }

        /** The differences, one a line, and the outcome in the last line. */
        public String text() {
            StringBuilder text = new StringBuilder();
            for (Difference each : first) {
                text.append(Shown.text(each.key()))
                        .append(": ")
                        .append(each.here())
                        .append(" here, ")
                        .append(each.there())
                        .append(" there\n");
            }
            if (keys - same > first.size()) {
                text.append("... and ").append(keys - same - first.size()).append(" more\n");
            }
            return text.append(
                            isWhole()
                                    ? "all of %d keys have the same server%n".formatted(keys)
                                    : "%d of %d keys have the same server: %s %%%n".formatted(same, keys, percent()))
                    .toString();
        }

        /** Cut, not rounded: not all is never 100 %. */
        private String percent() {
            return String.format(Locale.ROOT, "%.2f", Math.floor(share * 10_000) / 100);
        }
    }

    /** Adds a key. */
    public void add(byte[] key, String here, String there) {
        keys++;
        if (here.equals(there)) {
            same++;
        } else if (first.size() < SHOWN) {
            first.add(new Difference(new String(key, StandardCharsets.UTF_8), here, there));
        }
    }

    public Result result() {
        return new Result(keys, same, keys == 0 ? 1 : (double) same / keys, first);
    }
}
