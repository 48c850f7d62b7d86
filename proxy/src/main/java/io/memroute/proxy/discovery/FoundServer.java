package io.memroute.proxy.discovery;

import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * A server as a source names it.
 *
 * @param name a name that stays when the server moves, by which keys are distributed; the host if there is no other
 * @param host what is connected to: an address, or a name to be resolved. IPv6 without brackets
 */
public record FoundServer(String name, String host, int port) implements Comparable<FoundServer> {

    /** The form of a host that memcached takes. */
    private static final int MAX_BYTES = 254;

    private static final int MAX_PORT = 65535;

    /** Sources are outside the operator's hands: nothing of theirs gets into logs and labels but this. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]{1," + MAX_BYTES + "}");

    /** The order in which people put names with numbers in them: {@code mc-2} before {@code mc-10}. */
    private static final Comparator<FoundServer> ORDER =
            Comparator.comparing(FoundServer::name, NaturalOrder.INSTANCE).thenComparingInt(FoundServer::port);

    /** @throws IllegalArgumentException if a part is none that a server can have */
    public FoundServer {
        check(name);
        check(host);
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("expected a port from 1 to " + MAX_PORT + ", got " + port);
        }
    }

    /** A server without a name but its host. */
    public static FoundServer of(String host, int port) {
        return new FoundServer(host, host, port);
    }

    /**
     * The server that {@code HOST}, {@code HOST:PORT} or {@code [HOST]:PORT} stands for.
     *
     * @throws IllegalArgumentException if the text is none of them
     */
    public static FoundServer parse(String text, int defaultPort) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        int end = bracketed ? text.indexOf(']') : -1;
        if (bracketed && (end < 0 || end + 1 != text.length() && end + 1 != colon)) {
            throw new IllegalArgumentException("expected HOST:PORT, got " + quoted(text));
        }
        if (bracketed) {
            return of(text.substring(1, end), end + 1 == text.length() ? defaultPort : port(text, colon));
        }
        boolean bareIpv6 = text.indexOf(':') != colon;
        return colon < 0 || bareIpv6 ? of(text, defaultPort) : of(text.substring(0, colon), port(text, colon));
    }

    private static int port(String text, int colon) {
        try {
            return Integer.parseInt(text, colon + 1, text.length(), 10);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected HOST:PORT, got " + quoted(text), e);
        }
    }

    private static void check(String host) {
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException("expected a host name or an address, got " + quoted(host));
        }
    }

    /** Short and without control characters, whoever wrote it. */
    private static String quoted(String text) {
        String shown = text.replaceAll("[^ -~]", "?");
        return '"' + (shown.length() > MAX_BYTES ? shown.substring(0, MAX_BYTES) + "..." : shown) + '"';
    }

    /** {@code NAME:PORT}, which is one server in all answers. */
    public String label() {
        return name + ':' + port;
    }

    @Override
    public int compareTo(FoundServer other) {
        return ORDER.compare(this, other);
    }
}
