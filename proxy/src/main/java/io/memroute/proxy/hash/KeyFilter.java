package io.memroute.proxy.hash;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Which part of a key is hashed: the pool options {@code filter} and {@code filter_conf}. The key that is sent never
 * changes.
 *
 * @param conf for {@link Kind#STOP} the stop text, for {@link Kind#TAGS} the opening and the closing tag byte (what
 *     follows them is accepted and ignored, as memcached does); 2 to 5 bytes of UTF-8
 */
public record KeyFilter(Kind kind, String conf) {

    /** The shortest {@code filter_conf}: two tag bytes. */
    public static final int MIN_CONF_BYTES = 2;

    /** The longest {@code filter_conf}, memcached's limit. */
    public static final int MAX_CONF_BYTES = 5;

    public enum Kind {
        /** Hash the part before the first occurrence of a text. */
        STOP,
        /** Hash the part between the first opening tag and the closing tag after it. */
        TAGS
    }

    /** @throws IllegalArgumentException if {@code conf} has less than 2 or more than 5 bytes */
    public KeyFilter {
        Objects.requireNonNull(kind, "kind");
        int bytes = conf.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < MIN_CONF_BYTES || bytes > MAX_CONF_BYTES) {
            throw new IllegalArgumentException(
                    "filter_conf must be 2 to 5 bytes long, not " + bytes + " (\"" + conf + "\")");
        }
    }
}
