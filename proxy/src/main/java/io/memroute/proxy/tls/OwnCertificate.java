package io.memroute.proxy.tls;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A certificate with its key, by which memroute proves to servers who it is. Equal if what is in the files is.
 *
 * @param file of the chain, PEM
 * @param keyFile of the key
 * @param passwordFile of the password of the key; empty if the key is not encrypted
 * @param chain the certificate first, then its intermediates
 */
public record OwnCertificate(
        String file, String keyFile, Optional<String> passwordFile, List<X509Certificate> chain, PrivateKey key) {

    public OwnCertificate {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(keyFile, "keyFile");
        Objects.requireNonNull(passwordFile, "passwordFile");
        chain = List.copyOf(chain);
        Objects.requireNonNull(key, "key");
    }

    /**
     * Reads one.
     *
     * @param passwordFile holds the password of a key that is encrypted
     * @throws TlsFileException naming the file that cannot be used
     */
    public static OwnCertificate read(String file, String keyFile, Optional<String> passwordFile)
            throws TlsFileException {
        Optional<char[]> password = passwordFile.isPresent()
                ? Optional.of(PrivateKeyFile.password(Path.of(passwordFile.get())))
                : Optional.empty();
        ShownCertificate shown =
                CertificateFiles.shown(Path.of(file), Path.of(keyFile), TlsSettings.KeyFormat.PEM, password);
        return new OwnCertificate(file, keyFile, passwordFile, shown.chain(), shown.key());
    }

    /** The first moment at which a certificate of the chain is no longer valid. */
    public Instant validUntil() {
        return new ShownCertificate(chain, key).validUntil();
    }

    /** Returns the files that nobody else may read. */
    public List<String> secrets() {
        return passwordFile.map(password -> List.of(keyFile, password)).orElse(List.of(keyFile));
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "OwnCertificate[" + file + "]";
    }
}
