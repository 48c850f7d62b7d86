package io.memroute.proxy.it;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.tls.ListenerTls;
import io.memroute.testkit.RawClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * A moment at which a client may end a connection that is not plain TCP, or not yet. The proxy under test answers keys
 * below {@code own/} itself, where {@code own/large} is a value of 100 kilobytes.
 */
enum GuardedMoment {
    UNIX_BEFORE_A_LINE(Listener.UNIX, ""),
    UNIX_WITHIN_A_LINE(Listener.UNIX, "get fo"),
    UNIX_AFTER_A_LINE(Listener.UNIX, "version\r\n"),
    UNIX_WITHIN_A_VALUE(Listener.UNIX, "set key 0 0 100000\r\n" + "x".repeat(20_000)),
    UNIX_PAUSED_BY_REPLIES(Listener.UNIX, unread()),
    LOGIN_WITHIN_ITS_LINE(Listener.LOGIN, "set _ _"),
    LOGIN_WITHIN_ITS_VALUE(Listener.LOGIN, "set _ _ _ 13\r\nfoo o"),
    LOGIN_WITH_A_HASH_TO_COMPUTE(Listener.LOGIN, GuardedMoment.LOGIN),
    LOGIN_WHILE_REFUSALS_WAIT(Listener.LOGIN, GuardedMoment.WRONG_LOGIN.repeat(4)),
    LOGIN_DONE_AND_WITHIN_A_LINE(Listener.LOGIN, GuardedMoment.LOGIN + "get fo"),
    LOGIN_DONE_AND_PAUSED_BY_REPLIES(Listener.LOGIN, GuardedMoment.LOGIN + unread()),
    FORWARDED_WITHIN_THE_HEADER(Listener.FORWARDED, "PROXY TCP4 192.0.2"),
    FORWARDED_AFTER_THE_HEADER(Listener.FORWARDED, GuardedMoment.HEADER),
    FORWARDED_WITHIN_A_LINE(Listener.FORWARDED, GuardedMoment.HEADER + "get fo"),
    FORWARDED_PAUSED_BY_REPLIES(Listener.FORWARDED, GuardedMoment.HEADER + unread()),
    TLS_WITHIN_THE_FIRST_RECORD((client, context) -> {
        byte[] hello = TlsEnd.ofClient(client, context).records("");
        client.send(Arrays.copyOf(hello, 20));
    }),
    TLS_WITHIN_THE_HANDSHAKE(
            (client, context) -> client.send(TlsEnd.ofClient(client, context).records(""))),
    TLS_AFTER_THE_HANDSHAKE(
            (client, context) -> TlsEnd.ofClient(client, context).greet()),
    TLS_WITHIN_A_RECORD((client, context) -> {
        byte[] record = TlsEnd.ofClient(client, context).greet().records("version\r\n");
        client.send(Arrays.copyOf(record, record.length / 2));
    }),
    TLS_WITHIN_A_LINE(
            (client, context) -> TlsEnd.ofClient(client, context).greet().send("get fo")),
    TLS_PAUSED_BY_REPLIES((client, context) ->
            client.sendWhatFits(TlsEnd.ofClient(client, context).greet().records(unread()))),
    TLS_AFTER_THE_LAST_RECORD((client, context) ->
            client.send(TlsEnd.ofClient(client, context).greet().lastRecord()));

    /** The name and the password that a listener of the proxy under test wants. */
    static final String USER = "foo";

    static final String PASSWORD = "open bars";

    private static final String LOGIN = "set _ _ _ 13\r\nfoo open bars\r\n";
    private static final String WRONG_LOGIN = "set _ _ _ 13\r\nfoo open door\r\n";
    private static final String HEADER = "PROXY TCP4 192.0.2.1 192.0.2.2 1000 11211\r\n";

    /** A kind of listener. */
    enum Listener {
        LOGIN,
        UNIX,
        FORWARDED,
        TLS;

        /**
         * One on loopback or a UNIX socket.
         *
         * @param socket a path that nothing has yet
         */
        ListenerSpec spec(Path socket) {
            ListenerSpec tcp = ListenerSpec.tcp("127.0.0.1", 0);
            return switch (this) {
                case LOGIN -> tcp;
                case UNIX -> ListenerSpec.unix(socket.toString()).withoutLogin();
                case FORWARDED -> tcp.withoutLogin().behindProxy();
                case TLS -> tcp.withoutLogin().encrypted(ListenerTls.USUAL);
            };
        }

        /** Has a client that has just connected answered. */
        void serves(RawClient client, SSLContext context) throws SSLException {
            switch (this) {
                case LOGIN -> {
                    client.send(GuardedMoment.LOGIN + "mn\r\n");
                    client.expect("STORED\r\nMN\r\n");
                }
                case UNIX, FORWARDED -> {
                    client.send((this == FORWARDED ? HEADER : "") + "mn\r\n");
                    client.expect("MN\r\n");
                }
                case TLS -> {
                    TlsEnd end = TlsEnd.ofClient(client, context).greet();
                    end.send("mn\r\n");
                    end.expect("MN\r\n");
                }
            }
        }
    }

    private interface Beginning {
        void of(RawClient client, SSLContext context) throws SSLException;
    }

    private final Listener listener;
    private final Beginning beginning;

    GuardedMoment(Listener listener, String sent) {
        this.listener = listener;
        this.beginning = (client, context) -> client.sendWhatFits(sent.getBytes(StandardCharsets.ISO_8859_1));
    }

    GuardedMoment(Beginning ofTls) {
        this.listener = Listener.TLS;
        this.beginning = ofTls;
    }

    static Stream<GuardedMoment> of(Listener listener) {
        return Stream.of(values()).filter(moment -> moment.listener == listener);
    }

    /** Requests whose replies the client does not read. */
    private static String unread() {
        return "get own/large\r\n".repeat(100);
    }

    /** The ends that release everything at once. */
    Stream<ConnectionEnd> ends() {
        if (listener == Listener.UNIX) {
            // There is no reset: the end of a client that has not read everything counts as one.
            return Stream.of(ConnectionEnd.CLOSE, ConnectionEnd.HALF_CLOSE_THEN_CLOSE);
        }
        // A client that merely says its last is told of its mistakes, however long that takes.
        return this == LOGIN_WHILE_REFUSALS_WAIT ? Stream.of(ConnectionEnd.RESET) : Stream.of(ConnectionEnd.values());
    }

    /** Brings a client there that has just connected. */
    void reach(RawClient client, SSLContext context) throws SSLException {
        beginning.of(client, context);
    }
}
