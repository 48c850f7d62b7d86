package io.memroute.proxy.tls;

/** Settings of the JDK's TLS that exist only as properties of the process. One that the operator has set stays. */
public final class TlsDefaults {

    static {
        // A client could have a worker negotiate for ever; nothing that speaks memcached needs it.
        set("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        // Sessions live in a cache that can be switched off and forgets at a reload; tickets would do neither.
        set("jdk.tls.server.enableSessionTicketExtension", "false");
    }

    private TlsDefaults() {}

    private static void set(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Has the settings hold; call it before anything makes a context. */
    public static void apply() {
        // The class has been initialized.
    }
}
