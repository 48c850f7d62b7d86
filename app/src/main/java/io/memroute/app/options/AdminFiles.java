package io.memroute.app.options;

import io.memroute.proxy.tls.TlsSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files that protect an admin listener.
 *
 * @param certificate the certificate and the key of its TLS ({@code --admin-cert}); empty for plain HTTP
 * @param passwords the users and passwords that open it ({@code --admin-passwords}); empty if it asks for none
 */
public record AdminFiles(Optional<TlsSettings.Pair> certificate, Optional<Path> passwords) {

    boolean isEmpty() {
        return certificate.isEmpty() && passwords.isEmpty();
    }
}
