package io.memroute.proxy.tls;

import io.memroute.proxy.text.SystemError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads certificates from files, and finds out whether a private key belongs to one. */
public final class CertificateFiles {

    /** Signatures of keys that are for RSASSA-PSS alone, and have no parameters of their own. */
    private static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN (?:X509 )?CERTIFICATE-----[^-]*-----END (?:X509 )?CERTIFICATE-----");

    private CertificateFiles() {}

    /**
     * Reads the certificates in a file of them, PEM or DER. As OpenSSL does, it passes over all else in a PEM file: the
     * JDK takes neither the text that tools write above a certificate nor a key.
     *
     * @throws IOException if the file cannot be read, or holds none
     */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        try {
            InputStream in = new ByteArrayInputStream(alone(Files.readAllBytes(file)));
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                throw new IOException("it contains no certificate");
            }
            return certificates;
        } catch (CertificateException e) {
            throw new IOException("not a file of certificates: " + e.getMessage(), e);
        }
    }

    /** The blocks of certificates in a PEM file; a file without any as it is. */
    private static byte[] alone(byte[] file) {
        String blocks = BLOCK.matcher(new String(file, StandardCharsets.ISO_8859_1))
                .results()
                .map(block -> block.group() + "\n")
                .collect(Collectors.joining());
        return blocks.isEmpty() ? file : blocks.getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Reads a certificate chain with its key.
     *
     * @throws TlsFileException with memcached's words, naming the file
     */
    static ShownCertificate shown(Path chain, Path key, TlsSettings.KeyFormat format, Optional<char[]> password)
            throws TlsFileException {
        List<X509Certificate> certificates = certificates("Error loading the certificate chain: ", chain);
        PrivateKey secret = PrivateKeyFile.read(key, format, password);
        if (!belongs(secret, certificates.getFirst().getPublicKey())) {
            throw new TlsFileException("Error validating the certificate: the key in " + key
                    + " does not belong to the first certificate in " + chain);
        }
        return new ShownCertificate(certificates, secret);
    }

    /** Reads certificates; a failure begins with those words. */
    static List<X509Certificate> certificates(String failing, Path file) throws TlsFileException {
        try {
            return certificates(file);
        } catch (IOException e) {
            throw new TlsFileException(failing + file + " : " + SystemError.text(e), e);
        }
    }

    private static boolean belongs(PrivateKey secret, PublicKey open) {
        if (!secret.getAlgorithm().equals(open.getAlgorithm())) {
            return false;
        }
        String algorithm = switch (secret.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> secret.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            if (algorithm.equals("RSASSA-PSS")) {
                AlgorithmParameterSpec own = ((RSAKey) secret).getParams();
                signature.setParameter(own == null ? PSS : own);
            }
            byte[] proof = {1, 2, 3, 4};
            signature.initSign(secret);
            signature.update(proof);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(proof);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
