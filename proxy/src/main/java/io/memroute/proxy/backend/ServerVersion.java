package io.memroute.proxy.backend;

import io.memroute.protocol.Reply;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Reads the answer of a server to {@code version}. */
final class ServerVersion {

    /**
     * The last number of 1.6 is read as one digit: 1.6.10 is late enough. Dragonfly, which knows {@code ms}, calls
     * itself {@code 1.6.0 DF}.
     */
    private static final Pattern BEFORE_META_SET = Pattern.compile("1\\.([0-5]|6\\.[0-9](?! DF$))(?![0-9]).*");

    private ServerVersion() {}

    /**
     * Whether the server is a memcached before 1.6.10, and so does not know {@code ms} with the length of the value in
     * its third place: it would take the value for commands. A version that cannot be read is taken for a later one.
     */
    static boolean precedesMetaSet(Reply version) {
        if (version.tokenCount() < 2) {
            return false;
        }
        int last = version.tokenCount() - 1;
        int length = version.tokenIndex(last) + version.tokenLength(last) - version.tokenIndex(1);
        String text = version.buffer().toString(version.tokenIndex(1), length, StandardCharsets.ISO_8859_1);
        return BEFORE_META_SET.matcher(text).matches();
    }
}
