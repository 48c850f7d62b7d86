package io.memroute.proxy.tls;

import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.bc.BcPEMDecryptorProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * Reads private keys as people have them: PKCS#8, PKCS#1 and SEC1, encrypted or not, as PEM or DER. Bouncy Castle takes
 * the files apart; the JDK makes keys of what is in them.
 */
final class PrivateKeyFile {

    private static final JcaPEMKeyConverter CONVERTER = new JcaPEMKeyConverter();

    private PrivateKeyFile() {}

    /**
     * Reads the first private key of a file; certificates before it are passed over.
     *
     * @param password for a key that is encrypted
     * @throws TlsFileException naming the file, never the password
     */
    static PrivateKey read(Path file, TlsSettings.KeyFormat format, Optional<char[]> password) throws TlsFileException {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return format == TlsSettings.KeyFormat.DER
                    ? ofDer(bytes, password)
                    : ofPem(new String(bytes, StandardCharsets.ISO_8859_1), password);
        } catch (PEMException | GeneralSecurityException | RuntimeException e) {
            // Bouncy Castle meets what is malformed with unchecked exceptions of many kinds.
            String advice = password.isPresent() ? "; is the password correct?" : "";
            throw new TlsFileException(refusal(file, "not a private key that can be read" + advice), e);
        } catch (IOException e) {
            throw new TlsFileException(refusal(file, SystemError.text(e)), e);
        }
    }

    /**
     * Reads the password of encrypted keys.
     *
     * @throws TlsFileException naming the file
     */
    static char[] password(Path file) throws TlsFileException {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).strip().toCharArray();
        } catch (IOException e) {
            throw new TlsFileException(
                    "Error loading the password of the key: " + file + " : " + SystemError.text(e), e);
        }
    }

    private static String refusal(Path file, String reason) {
        return "Error loading the key: " + file + " : " + reason;
    }

    private static PrivateKey ofDer(byte[] bytes, Optional<char[]> password)
            throws IOException, GeneralSecurityException {
        StringWriter text = new StringWriter();
        try (PemWriter pem = new PemWriter(text)) {
            pem.writeObject(new PemObject(form(ASN1Sequence.getInstance(bytes)), bytes));
        }
        return ofPem(text.toString(), password);
    }

    /** Returns the form that PEM would name: the second part of a key differs in each. */
    private static String form(ASN1Sequence key) throws IOException {
        return switch (key.getObjectAt(1)) {
            case ASN1Sequence algorithm -> "PRIVATE KEY";
            case ASN1Integer modulus -> "RSA PRIVATE KEY";
            case ASN1OctetString secret ->
                key.getObjectAt(0) instanceof ASN1Sequence ? "ENCRYPTED PRIVATE KEY" : "EC PRIVATE KEY";
            default -> throw new IOException("it contains no private key");
        };
    }

    private static PrivateKey ofPem(String text, Optional<char[]> password)
            throws IOException, GeneralSecurityException {
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                Optional<PrivateKeyInfo> key = key(part, password);
                if (key.isPresent()) {
                    return CONVERTER.getPrivateKey(key.get());
                }
            }
        }
        throw new IOException("it contains no private key");
    }

    /** Returns the key that a part of a file is; empty for certificates, parameters and the like. */
    private static Optional<PrivateKeyInfo> key(Object part, Optional<char[]> password)
            throws IOException, GeneralSecurityException {
        return switch (part) {
            case PrivateKeyInfo plain -> Optional.of(plain);
            case PEMKeyPair pair -> Optional.of(pair.getPrivateKeyInfo());
            case PEMEncryptedKeyPair encrypted ->
                Optional.of(encrypted
                        .decryptKeyPair(new BcPEMDecryptorProvider(needed(password)))
                        .getPrivateKeyInfo());
            case PKCS8EncryptedPrivateKeyInfo encrypted ->
                Optional.of(EncryptedKey.decrypted(encrypted, needed(password)));
            default -> Optional.empty();
        };
    }

    private static char[] needed(Optional<char[]> password) throws IOException {
        return password.orElseThrow(
                () -> new IOException("it is encrypted; give the file with its password (ssl_key_password_file)"));
    }
}
