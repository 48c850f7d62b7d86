package io.memroute.proxy.discovery.source;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.memroute.proxy.discovery.FoundServer;
import io.memroute.proxy.discovery.Source;
import io.memroute.proxy.discovery.SourceException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a cluster in ElastiCache or Memorystore, as any node of it tells them: {@code config get cluster}, and
 * of engines before 1.4.14 the key {@code AmazonElastiCache:cluster}. Servers are known, and connected to, by their
 * host names, which certificates name too; their addresses may change.
 */
final class ElastiCacheSource implements Source {

    private static final int CONNECT_TIMEOUT_MILLIS = 3000;
    private static final int READ_TIMEOUT_MILLIS = 3000;

    /** Bounds the time of the whole answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** The whole answer of a cluster of the largest size has some 30 KB. */
    private static final int MAX_BYTES = 1 << 20;

    private static final int MAX_LINE_BYTES = 1024;

    /** An older version than the last is a node that lags behind; one that stays is a cluster that was made anew. */
    private static final int STALE_ANSWERS = 5;

    private static final Pattern CONFIG = Pattern.compile("CONFIG \\S+ \\d+ (\\d{1,7})");
    private static final Pattern VALUE = Pattern.compile("VALUE \\S+ \\d+ (\\d{1,7})");

    private final FoundServer endpoint;
    private final Duration refresh;
    private final Duration timeout;
    private long version = -1;
    private int staleAnswers;
    private volatile @Nullable Socket open;

    /** @throws SourceException if the text is no host and port */
    ElastiCacheSource(String endpoint, Duration refresh) throws SourceException {
        this(endpoint, refresh, TIMEOUT);
    }

    /** @param timeout for the whole answer */
    ElastiCacheSource(String endpoint, Duration refresh, Duration timeout) throws SourceException {
        try {
            this.endpoint = FoundServer.parse(endpoint, 11211);
        } catch (IllegalArgumentException e) {
            throw new SourceException("expected elasticache+HOST:PORT", e);
        }
        this.refresh = refresh;
        this.timeout = timeout;
    }

    @Override
    public Answer ask() throws SourceException {
        try (Socket socket = new Socket()) {
            open = socket;
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), CONNECT_TIMEOUT_MILLIS);
            return ask(socket);
        } catch (UnknownHostException e) {
            throw new SourceException("host name not found", e);
        } catch (SocketTimeoutException e) {
            throw new SourceException("did not answer in time", e);
        } catch (IOException e) {
            throw new SourceException("cannot be queried: " + e.getMessage(), e);
        } finally {
            open = null;
        }
    }

    private Answer ask(Socket socket) throws IOException, SourceException {
        try (ReadingTime time = new ReadingTime(socket, timeout)) {
            try {
                return new Answer(nodes(payload(socket)), refresh);
            } catch (IOException e) {
                throw time.reason(e);
            }
        }
    }

    private static String payload(Socket socket) throws IOException, SourceException {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        String payload = ask(socket, in, "config get cluster\r\n", CONFIG);
        if (payload == null) {
            payload = ask(socket, in, "get AmazonElastiCache:cluster\r\n", VALUE);
        }
        if (payload == null) {
            throw new SourceException("a memcached server, but not one of a cluster");
        }
        return payload;
    }

    /** Returns what the answer holds, if the server has something of the kind. */
    private static @Nullable String ask(Socket socket, InputStream in, String command, Pattern header)
            throws IOException, SourceException {
        socket.getOutputStream().write(command.getBytes(US_ASCII));
        String line = line(in);
        if (line.equals("END") || line.equals("ERROR") || line.startsWith("CLIENT_ERROR")) {
            return null;
        }
        Matcher matcher = header.matcher(line);
        if (!matcher.matches()) {
            throw new SourceException("the answer does not describe a cluster");
        }
        int length = Integer.parseInt(matcher.group(1));
        if (length > MAX_BYTES) {
            throw new SourceException("expected at most " + MAX_BYTES + " bytes, got " + length);
        }
        String payload = new String(in.readNBytes(length), US_ASCII);
        if (!line(in).isEmpty() || !line(in).equals("END")) {
            throw new SourceException("the answer does not end where it says");
        }
        return payload;
    }

    private static String line(InputStream in) throws IOException, SourceException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.length() == MAX_LINE_BYTES) {
                throw new SourceException("the answer is incomplete");
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }

    private List<FoundServer> nodes(String payload) throws SourceException {
        String[] words = payload.strip().split("\\s+");
        long told;
        try {
            told = Long.parseLong(words[0]);
        } catch (NumberFormatException e) {
            throw new SourceException("the answer has no version", e);
        }
        if (told < version && ++staleAnswers < STALE_ANSWERS) {
            throw new SourceException("answered with version " + told + " after version " + version);
        }
        List<FoundServer> servers = new ArrayList<>();
        for (String node : List.of(words).subList(1, words.length)) {
            int first = node.indexOf('|');
            int last = node.lastIndexOf('|');
            try {
                String host = node.substring(0, Math.max(0, first));
                String address = first < last ? node.substring(first + 1, last) : "";
                servers.add(
                        FoundServer.of(host.isEmpty() ? address : host, Integer.parseInt(node.substring(last + 1))));
            } catch (IllegalArgumentException e) {
                throw new SourceException("a node is not host|address|port", e);
            }
        }
        version = told;
        staleAnswers = 0;
        return servers;
    }

    @Override
    public void close() {
        Socket asked = open;
        if (asked != null) {
            ReadingTime.close(asked);
        }
    }
}
