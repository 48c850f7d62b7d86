package io.memroute.app.options;

import io.memroute.proxy.tls.TlsSettings;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The files that protect an admin listener.
 *
 * @param certificate the certificate and the key of its TLS ({@code --admin-cert}); empty for plain HTTP
 * @param passwords the users and passwords that open it ({@code --admin-passwords}); empty if it asks for none
 */
public record AdminFiles(Optional<TlsSettings.Pair> certificate, Optional<Path> passwords) {

    /** All files that it names. */
    public Set<Path> files() {
        Set<Path> files = new LinkedHashSet<>(secrets());
        certificate.ifPresent(pair -> files.add(pair.chain()));
        return files;
    }

    /** Returns the files that hold a private key or passwords. */
    public Set<Path> secrets() {
        Set<Path> files = new LinkedHashSet<>();
        certificate.ifPresent(pair -> files.add(pair.key()));
        passwords.ifPresent(files::add);
        return files;
    }

    boolean isEmpty() {
        return certificate.isEmpty() && passwords.isEmpty();
    }
}
