package io.memroute.proxy.it;

/**
 * A moment in the life of a client's connection at which it may end. The proxy under test answers keys below
 * {@code own/} itself, where {@code own/large} is a value of 100 kilobytes; its server answers nothing.
 */
enum ClientMoment {
    BEFORE_A_LINE(""),
    WITHIN_A_LINE("get fo"),
    AFTER_A_LINE("version\r\n"),
    AFTER_A_LINE_AND_WITHIN_THE_NEXT("version\r\nget fo"),
    WITHIN_A_SHORT_VALUE("set key 0 0 100\r\nabc"),
    WITHIN_A_LARGE_VALUE("set key 0 0 100000\r\n" + "x".repeat(20_000)),
    WITHIN_A_VALUE_THAT_IS_SKIPPED("set " + "k".repeat(300) + " 0 0 100000\r\n" + "x".repeat(20_000)),
    WHILE_A_REPLY_IS_UNDER_WAY("get key\r\n", true),
    WHILE_A_REPLY_IS_UNDER_WAY_AND_WITHIN_THE_NEXT_LINE("get key\r\nget fo", true),
    WHILE_A_STORED_VALUE_IS_UNDER_WAY("set key 0 0 30000\r\n" + "x".repeat(30_000) + "\r\n", true),
    WITHIN_A_MULTI_KEY_GET("get" + " key".repeat(8) + "\r\n", true),
    WHILE_PAUSED_BY_ITS_OWN_REQUESTS("get key\r\n".repeat(200), true),
    WHILE_PAUSED_BY_REPLIES_IT_DOES_NOT_READ("get own/large\r\n".repeat(200)),
    AFTER_QUIT("get key\r\nquit\r\n", true),
    AFTER_A_LINE_TOO_LONG("x".repeat(5_000)),
    WHILE_IT_WATCHES("watch proxyevents\r\n");

    private final String sent;
    private final boolean awaitsServer;

    ClientMoment(String sent) {
        this(sent, false);
    }

    ClientMoment(String sent, boolean awaitsServer) {
        this.sent = sent;
        this.awaitsServer = awaitsServer;
    }

    /** What the client sends to get there. */
    String sent() {
        return sent;
    }

    /**
     * Whether replies of the server are due then. A client that only says that it sends no more may be waiting for
     * them.
     */
    boolean awaitsServer() {
        return awaitsServer;
    }
}
