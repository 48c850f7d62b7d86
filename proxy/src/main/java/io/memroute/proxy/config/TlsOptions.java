package io.memroute.proxy.config;

import io.memroute.proxy.tls.OwnCertificate;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The encryption of connections to a backend. The certificates themselves belong to it: when the file has others after
 * a reload, the backend is another one and gets new connections.
 *
 * @param verify whether the backend must show a certificate that somebody trusted vouches for and that names it
 * @param name the name that the certificate must have; empty for the backend's host
 * @param ca the file that {@code trusted} comes from; empty if there is none
 * @param trusted the authorities that may vouch; empty for those that the JVM trusts
 * @param own the certificate that memroute shows if the backend asks for one
 */
public record TlsOptions(
        boolean enabled,
        boolean verify,
        String name,
        String ca,
        List<X509Certificate> trusted,
        Optional<OwnCertificate> own) {

    /** The options of a backend that sets none. */
    public static final TlsOptions OFF = new TlsOptions(false, true, "", "", List.of(), Optional.empty());

    public TlsOptions {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(ca, "ca");
        trusted = List.copyOf(trusted);
        Objects.requireNonNull(own, "own");
    }

    /** The names of the files that it comes from. */
    Set<String> files() {
        Set<String> files = new LinkedHashSet<>();
        if (!ca.isEmpty()) {
            files.add(ca);
        }
        own.ifPresent(shown -> {
            files.add(shown.file());
            files.addAll(shown.secrets());
        });
        return files;
    }

    /** The same, on or off. */
    public TlsOptions enabled(boolean on) {
        return new TlsOptions(on, verify, name, ca, trusted, own);
    }
}
