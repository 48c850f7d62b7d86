package io.memroute.proxy;

/** The version that this server reports. */
public final class MemrouteVersion {

    /** The version in the jar's manifest; a build run from its classes has none. */
    public static final String TEXT = fromManifest();

    /**
     * The memcached whose commands and replies these are: what {@code version} answers, three numbers and nothing else.
     * Client libraries take them apart in many ways to learn what the server understands; some want them at the end of
     * the line.
     */
    public static final String MEMCACHED = "1.6.45";

    private MemrouteVersion() {}

    private static String fromManifest() {
        String version = MemrouteVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
