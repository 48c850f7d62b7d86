package io.memroute.testkit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that watches log streams ({@code watch}) and compares what it is told, line by line. */
public final class LogWatcher implements AutoCloseable {

    private static final Pattern LINE =
            Pattern.compile("ts=\\d{10}\\.\\d{6} gid=(?<id>\\d+) (?<body>.*)\n", Pattern.DOTALL);

    private final RawClient client;
    private long lastId;

    private LogWatcher(RawClient client) {
        this.client = client;
    }

    /** Begins to watch, and waits until the server has said that it does. */
    public static LogWatcher on(int port, String streams) {
        return on(RawClient.connect(port), streams);
    }

    /** The same on a connection made otherwise. */
    public static LogWatcher on(RawClient client, String streams) {
        client.send("watch " + streams + "\r\n");
        client.expect("OK\r\n");
        return new LogWatcher(client);
    }

    /** Reads one line and returns it without time, number and line end. */
    public String next() {
        String line = client.readUntil("\n");
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("not a line of a watcher: " + Shown.quoted(line));
        }
        lastId = Long.parseLong(matcher.group("id"));
        return matcher.group("body");
    }

    /** The number of the line read last. */
    public long lastId() {
        return lastId;
    }

    /** Reads one line, which must be this, {@code type=...} and what follows, exactly. */
    public void expect(String body) {
        String got = next();
        if (!got.equals(body)) {
            throw new AssertionError("expected the line\n" + body + "\nbut got\n" + got);
        }
    }

    /** Reads one line, which must match a pattern as a whole. */
    public void expectMatching(String pattern) {
        String got = next();
        if (!Pattern.compile(pattern, Pattern.DOTALL).matcher(got).matches()) {
            throw new AssertionError("expected a line like\n" + pattern + "\nbut got\n" + got);
        }
    }

    /** The connection, for what is not a line. */
    public RawClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
    }
}
