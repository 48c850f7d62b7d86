package io.memroute.protocol;

import java.nio.charset.StandardCharsets;

/** Every fixed reply as the bytes of its whole line. The arrays are shared: not to be changed. */
public final class Replies {
    public static final byte[] CRLF = line("");
    /** Length of a line end. */
    static final int CRLF_BYTES = 2;

    public static final byte[] END = line("END");
    public static final byte[] STORED = line("STORED");
    public static final byte[] NOT_STORED = line("NOT_STORED");
    public static final byte[] EXISTS = line("EXISTS");
    public static final byte[] NOT_FOUND = line("NOT_FOUND");
    public static final byte[] DELETED = line("DELETED");
    public static final byte[] TOUCHED = line("TOUCHED");
    public static final byte[] OK = line("OK");
    public static final byte[] RESET = line("RESET");
    public static final byte[] HD = line("HD");
    public static final byte[] EN = line("EN");
    public static final byte[] EX = line("EX");
    public static final byte[] NF = line("NF");
    public static final byte[] NS = line("NS");
    public static final byte[] MN = line("MN");
    public static final byte[] ERROR = line("ERROR");
    public static final byte[] BAD_DATA_CHUNK = line("CLIENT_ERROR bad data chunk");
    /** The answer to a client that has not logged in, but has to. */
    public static final byte[] UNAUTHENTICATED = line("CLIENT_ERROR unauthenticated");

    public static final byte[] FLUSH_ALL_NOT_ALLOWED = line("CLIENT_ERROR flush_all not allowed");
    public static final byte[] NON_NUMERIC_VALUE = line("CLIENT_ERROR cannot increment or decrement non-numeric value");
    public static final byte[] TOO_LARGE = line("SERVER_ERROR object too large for cache");
    public static final byte[] OUT_OF_MEMORY = line("SERVER_ERROR out of memory");
    public static final byte[] OUT_OF_MEMORY_GET = line("SERVER_ERROR out of memory writing get response");
    public static final byte[] BACKEND_FAILURE = line("SERVER_ERROR backend failure");
    public static final byte[] BAD_RESPONSE = line("SERVER_ERROR bad response");
    public static final byte[] LUA_FAILURE = line("SERVER_ERROR lua failure");
    public static final byte[] LUA_START_FAILURE = line("SERVER_ERROR lua start failure");
    public static final byte[] ACTIVE_REQUEST_LIMIT = line("SERVER_ERROR active request limit reached");
    public static final byte[] TOO_MANY_CONNECTIONS = line("ERROR Too many open connections");

    private Replies() {}

    /** The bytes of {@code text} with {@code \r\n} behind. */
    public static byte[] line(String text) {
        return (text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
