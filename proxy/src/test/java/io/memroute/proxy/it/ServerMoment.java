package io.memroute.proxy.it;

/**
 * A moment in the life of a connection to a server at which the server may end it; what the client has asked for, and
 * what has come back.
 */
enum ServerMoment {
    WHILE_NOTHING_IS_ASKED("", "", ""),
    BEFORE_A_REPLY("mg key v\r\n", "", "SERVER_ERROR backend failure\r\n"),
    WITHIN_A_REPLYS_LINE("mg key v\r\n", "VA 1", "SERVER_ERROR backend failure\r\n"),
    WITHIN_A_SHORT_VALUE("mg key v\r\n", "VA 100\r\nabc", "SERVER_ERROR backend failure\r\n"),
    BETWEEN_TWO_REPLIES("mg key v\r\nmg key v\r\n", "EN\r\n", "EN\r\nSERVER_ERROR backend failure\r\n"),
    WHILE_A_LARGE_VALUE_IS_STORED(
            "ms key 5000000\r\n" + "x".repeat(5_000_000) + "\r\n", "", "SERVER_ERROR backend failure\r\n"),
    /**
     * Its client has been told how long it is, and can only be told by the end of its own connection that the rest is
     * missing.
     */
    WITHIN_A_LARGE_VALUE("mg key v\r\n", "VA 1000000\r\n" + "x".repeat(500_000), null);

    private final String asked;
    private final String answered;
    private final String told;

    ServerMoment(String asked, String answered, String told) {
        this.asked = asked;
        this.answered = answered;
        this.told = told;
    }

    /** What a client sends. */
    String asked() {
        return asked;
    }

    /** What the server sends before it ends the connection. */
    String answered() {
        return answered;
    }

    /** What the client gets; null if its connection is closed within the reply. */
    String told() {
        return told;
    }
}
