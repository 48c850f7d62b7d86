package io.memroute.proxy.hash;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The choice of the part of a key that is hashed: the pool options {@code filter} and {@code filter_conf}. The key that
 * is sent never changes.
 *
 * @param conf for {@link Kind#STOP} the stop text, for {@link Kind#TAGS} the opening and the closing tag byte (what
 *     follows them is accepted and ignored, as memcached does); 2 to 5 bytes of UTF-8. For {@link Kind#HASH_TAG}
 *     exactly these two. For {@link Kind#STRIP} the prefix, 1 to 249 bytes
 */
public record KeyFilter(Kind kind, String conf) {

    /** The shortest {@code filter_conf}: two tag bytes. */
    public static final int MIN_CONF_BYTES = 2;

    /** The longest {@code filter_conf}, memcached's limit. */
    public static final int MAX_CONF_BYTES = 5;

    /** The longest prefix to strip: a key has 250 bytes. */
    private static final int MAX_PREFIX_BYTES = 249;

    public enum Kind {
        /** Hash the part before the first occurrence of a text. */
        STOP,
        /** Hash the part between the first opening tag and the closing tag after it. */
        TAGS,
        /** As {@link #TAGS}, but a key with nothing between the tags is hashed whole: twemproxy's {@code hash_tag}. */
        HASH_TAG,
        /** Hash what follows a prefix that a client puts before keys after it has picked the server. */
        STRIP
    }

    /** @throws IllegalArgumentException if {@code conf} is too short or too long for the kind */
    public KeyFilter {
        Objects.requireNonNull(kind, "kind");
        int bytes = conf.getBytes(StandardCharsets.UTF_8).length;
        int min = kind == Kind.STRIP ? 1 : MIN_CONF_BYTES;
        int max = switch (kind) {
            case STOP, TAGS -> MAX_CONF_BYTES;
            case HASH_TAG -> MIN_CONF_BYTES;
            case STRIP -> MAX_PREFIX_BYTES;
        };
        if (bytes < min || bytes > max) {
            throw new IllegalArgumentException("filter_conf must be " + (min == max ? min : min + " to " + max)
                    + " bytes long, not " + bytes + " (\"" + conf + "\")");
        }
    }
}
