package io.memroute.proxy;

/** What this server calls itself. */
public final class MemrouteVersion {

    /** From the jar's manifest; a build run from its classes has none. */
    public static final String TEXT = fromManifest();

    /**
     * What {@code version} answers. Client libraries read the leading numbers to learn what the server understands: the
     * commands of memcached 1.6.
     */
    public static final String PROTOCOL = "1.6.45-memroute-" + TEXT;

    private MemrouteVersion() {}

    private static String fromManifest() {
        String version = MemrouteVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
