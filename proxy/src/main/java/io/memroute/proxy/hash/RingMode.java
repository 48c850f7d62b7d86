package io.memroute.proxy.hash;

/** The way to compute the points of a {@link Ring}: the pool option {@code omode}. */
public enum RingMode {

    /** One XXH3 point for each of {@code HOST:PORT-0}, {@code HOST:PORT-1}, ... */
    DEFAULT,

    /** Four MD5 points for each of {@code HOST:PORT-0}, {@code HOST:PORT-1}, ... as libmemcached's ketama does. */
    KETAMA,

    /** As {@link #KETAMA}, but the memcached port 11211 is left out of the text, as twemproxy does. */
    TWEMPROXY,

    /** As {@link #KETAMA} with the text {@code HOST/HOST:PORT-k}, as spymemcached and EVCache do. */
    EVCACHE;

    /** An MD5 digest is cut into this many 32-bit points. */
    static final int POINTS_PER_DIGEST = 4;

    private static final int MEMCACHED_PORT = 11211;

    /** Whether points come from MD5 digests, four at a time. */
    public boolean usesMd5() {
        return this != DEFAULT;
    }

    /** The text that, followed by {@code -k}, is hashed into points. */
    String pointText(ServerName server) {
        String hostAndPort = server.host() + ":" + server.port();
        return switch (this) {
            case DEFAULT, KETAMA -> hostAndPort;
            case TWEMPROXY -> server.port() == MEMCACHED_PORT ? server.host() : hostAndPort;
            case EVCACHE -> server.host() + "/" + hostAndPort;
        };
    }
}
