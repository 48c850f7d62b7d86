package io.memroute.proxy.config.reader;

import io.memroute.proxy.config.BackendSpec;
import io.netty.util.NetUtil;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text form of a backend: {@code HOST[:PORT] [LABEL] [_down_]}.
 *
 * <p>An IPv6 address may stand in brackets. Without them the last colon ends the address if what is before it is an
 * address by itself ({@code ::1:11211} is port 11211 of {@code ::1}, as in memcached); otherwise the whole is the
 * address.
 *
 * @param label its label, if it is given
 */
record BackendAddress(String host, int port, @Nullable String label, boolean down) {

    /** The greatest length of a label: memcached's limit. */
    static final int MAX_LABEL_BYTES = 511;

    /** The greatest length of a host name: memcached's limit. */
    static final int MAX_HOST_BYTES = 254;

    static final int MAX_PORT = 65535;

    private static final String DOWN = "_down_";
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:\\[(?<bracketed>[^\\[\\]]+)]|(?<plain>[^\\[\\]:]+))(?::(?<port>[0-9]+))?");

    /** @throws IllegalArgumentException with what is wrong and what was expected */
    static BackendAddress parse(String text) {
        boolean down = text.endsWith(DOWN);
        String rest = down ? text.substring(0, text.length() - DOWN.length()) : text;
        String[] words = rest.strip().split("\\s+");
        if (words[0].isEmpty() || words.length > 2) {
            throw new IllegalArgumentException("expected \"host[:port] [label] [_down_]\"");
        }
        return parseHostAndPort(words[0], words.length == 2 ? words[1] : null, down);
    }

    private static BackendAddress parseHostAndPort(String text, @Nullable String label, boolean down) {
        int lastColon = text.lastIndexOf(':');
        if (text.indexOf(':') != lastColon && text.indexOf('[') < 0) {
            String before = text.substring(0, lastColon);
            String after = text.substring(lastColon + 1);
            if (NetUtil.isValidIpV6Address(before) && after.matches("[0-9]+")) {
                return new BackendAddress(before, port(after), label, down);
            }
            if (NetUtil.isValidIpV6Address(text)) {
                return new BackendAddress(text, BackendSpec.DEFAULT_PORT, label, down);
            }
            throw new IllegalArgumentException("neither host:port nor an IPv6 address");
        }
        Matcher matcher = HOST_AND_PORT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected \"host[:port] [label] [_down_]\"");
        }
        String bracketed = matcher.group("bracketed");
        if (bracketed != null && !NetUtil.isValidIpV6Address(bracketed)) {
            throw new IllegalArgumentException("\"" + bracketed + "\" in brackets is not an IPv6 address");
        }
        String port = matcher.group("port");
        return new BackendAddress(
                bracketed != null ? bracketed : matcher.group("plain"),
                port != null ? port(port) : BackendSpec.DEFAULT_PORT,
                label,
                down);
    }

    /** A host name or an address without a port, brackets removed; empty if the text is neither. */
    static Optional<String> host(String text) {
        if (text.matches("[^\\[\\]:\\s]+")) {
            return Optional.of(text);
        }
        if (NetUtil.isValidIpV6Address(text)) {
            return Optional.of(text.startsWith("[") ? text.substring(1, text.length() - 1) : text);
        }
        return Optional.empty();
    }

    private static int port(String digits) {
        int port = digits.length() <= 5 ? Integer.parseInt(digits) : Integer.MAX_VALUE;
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("expected a port from 1 to " + MAX_PORT + ", got " + digits);
        }
        return port;
    }
}
