package io.memroute.proxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;

/**
 * The rule that finds a key's prefix: the section {@code conf} of {@code routes{}}.
 *
 * @param start {@link Mode#ANCHOR} only: 1 to 5 bytes that a key must begin with and that are not part of the prefix;
 *     {@code ""} with {@link Mode#PREFIX}
 * @param stop 1 to 5 bytes before whose first occurrence the prefix ends; without them a key has no prefix
 */
public record PrefixRule(Mode mode, String start, String stop) {

    /** The character that ends a prefix, and begins an anchored one, unless configured. */
    public static final String DEFAULT_SEPARATOR = "/";

    /** Memcached's limit on both texts. */
    public static final int MAX_BYTES = 5;

    /** The rule without {@code conf}: the prefix ends at the first slash. */
    public static final PrefixRule DEFAULT = new PrefixRule(Mode.PREFIX, "", DEFAULT_SEPARATOR);

    public enum Mode {
        /** The prefix begins with the key. */
        PREFIX,
        /** The prefix begins after a text that the key must begin with. */
        ANCHOR
    }

    public PrefixRule {
        Objects.requireNonNull(mode, "mode");
        boolean startFits = mode == Mode.PREFIX ? start.isEmpty() : hasAllowedLength(start);
        if (!startFits || !hasAllowedLength(stop)) {
            throw new IllegalArgumentException("start or stop does not fit the mode " + mode);
        }
    }

    private static boolean hasAllowedLength(String text) {
        int bytes = text.getBytes(UTF_8).length;
        return bytes >= 1 && bytes <= MAX_BYTES;
    }
}
