package io.memroute.app.options;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of an admin listener, as written: a port of 127.0.0.1, {@code HOST:PORT}, or the path of a UNIX socket,
 * which has a slash.
 */
public final class AdminAddress {

    private static final Pattern TCP =
            Pattern.compile("(?:(?<host>[^:\\[\\]]+|\\[[^\\[\\]]+\\]):)?(?<port>[0-9]{1,5})");
    private static final int MAX_PORT = 65_535;

    private AdminAddress() {}

    /** @throws IllegalArgumentException if it is none, or the host has no address */
    public static SocketAddress parse(String text) {
        if (text.indexOf('/') >= 0) {
            try {
                return UnixDomainSocketAddress.of(Path.of(text));
            } catch (InvalidPathException e) {
                throw expected(text);
            }
        }
        Matcher matcher = TCP.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group("port")) > MAX_PORT) {
            throw expected(text);
        }
        int port = Integer.parseInt(matcher.group("port"));
        String host = matcher.group("host");
        if (host == null) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("the host " + host + " has no address");
        }
    }

    private static IllegalArgumentException expected(String text) {
        return new IllegalArgumentException(
                "expected PORT, HOST:PORT or the path of a UNIX socket with a slash, got \"" + text + "\"");
    }
}
