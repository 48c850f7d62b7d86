package io.memroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.memroute.testkit.ChildProcess;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys as OpenSSL encrypts them, in this version and in earlier ones. */
class PrivateKeyFileTest {

    private static final String PASSWORD = "open sesame";

    /** A password without a space, for commands that are split at spaces. */
    private static final String WORD = "sesame";

    private static final byte[] SALT = {1, 2, 3, 4, 5, 6, 7, 8};

    @TempDir
    private Path directory;

    private Path plain;
    private PrivateKey expected;

    @BeforeEach
    void makeAKey() throws Exception {
        plain = directory.resolve("plain.key");
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", plain.toString());
        expected = PrivateKeyFile.read(plain, TlsSettings.KeyFormat.PEM, Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-v2 aes128",
                "-v2 aes-192-cbc -v2prf hmacWithSHA1",
                "-v2 aes256 -v2prf hmacWithSHA512",
                "-v2 des3",
                "-v2 des3 -v2prf hmacWithSHA1",
                "-scrypt",
                "-v1 PBE-SHA1-3DES",
            })
    void anEncryptedKeyOfPkcs8IsRead(String options) throws Exception {
        Path encrypted = encrypted(options);
        assertThat(PrivateKeyFile.read(encrypted, TlsSettings.KeyFormat.PEM, Optional.of(PASSWORD.toCharArray())))
                .isEqualTo(expected);
        assertThatThrownBy(() -> PrivateKeyFile.read(
                        encrypted, TlsSettings.KeyFormat.PEM, Optional.of("open barley".toCharArray())))
                .isInstanceOf(TlsFileException.class)
                .hasMessage("Error loading the key: " + encrypted
                        + " : not a private key that can be read; is the password correct?");
    }

    /** A file of DER does not say which form it has. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "pkcs8 -topk8 -nocrypt",
                "pkcs8 -topk8 -passout pass:" + WORD,
                "pkcs8 -topk8 -scrypt -passout pass:" + WORD,
                "ec",
            })
    void aKeyIsReadAsDer(String command) throws Exception {
        Path der = directory.resolve("key.der");
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(List.of("-in", plain.toString(), "-outform", "DER", "-out", der.toString()));
        openssl(words.toArray(String[]::new));
        PrivateKey key = PrivateKeyFile.read(der, TlsSettings.KeyFormat.DER, Optional.of(WORD.toCharArray()));
        // SEC1 has the public key, too, so that the keys as they are written differ.
        assertThat(((ECPrivateKey) key).getS()).isEqualTo(((ECPrivateKey) expected).getS());
    }

    @Test
    void aKeyOfPkcs1IsReadAsDer() throws Exception {
        Path pem = directory.resolve("rsa.key");
        Path der = directory.resolve("rsa.der");
        openssl("genpkey", "-algorithm", "RSA", "-out", pem.toString());
        openssl("rsa", "-traditional", "-in", pem.toString(), "-outform", "DER", "-out", der.toString());
        assertThat(PrivateKeyFile.read(der, TlsSettings.KeyFormat.DER, Optional.empty()))
                .isEqualTo(PrivateKeyFile.read(pem, TlsSettings.KeyFormat.PEM, Optional.empty()));
    }

    @ParameterizedTest
    @EnumSource(TlsSettings.KeyFormat.class)
    void anAlgorithmThatIsNotKnownIsNamed(TlsSettings.KeyFormat format) {
        Path encrypted = encrypted("-v2 camellia128 -outform " + format);
        assertThat(refusal(encrypted, format))
                .isEqualTo("it is encrypted by an algorithm that is not known: 1.2.392.200011.61.1.1.1.2");
    }

    @Test
    void scryptGetsAsMuchMemoryAsOpenSslGivesIt() throws Exception {
        for (int power : List.of(15, 30, 40)) {
            BigInteger n = BigInteger.TWO.pow(power);
            assertThat(refusal(derived(MiscObjectIdentifiers.id_scrypt, scrypt(n))))
                    .isEqualTo("it is encrypted by scrypt with N = " + n
                            + ", r = 8 and p = 1, which takes more than 32 MiB");
        }
    }

    @Test
    void numbersThatNoKeyHasAreAnErrorOfItsFile() throws Exception {
        String unreadable = "not a private key that can be read; is the password correct?";
        BigInteger three = BigInteger.valueOf(3);
        assertThat(refusal(derived(MiscObjectIdentifiers.id_scrypt, scrypt(three))))
                .isEqualTo(unreadable);
        ASN1Encodable count = new ASN1Integer(BigInteger.TWO.pow(40));
        assertThat(refusal(derived(
                        PKCSObjectIdentifiers.id_PBKDF2,
                        new DERSequence(new ASN1Encodable[] {new DEROctetString(SALT), count}))))
                .isEqualTo(unreadable);
    }

    private static ASN1Encodable scrypt(BigInteger n) {
        return new DERSequence(new ASN1Encodable[] {
            new DEROctetString(SALT), new ASN1Integer(n), new ASN1Integer(8), new ASN1Integer(1)
        });
    }

    /** Makes a file of a key that is encrypted by AES, with a secret that a function derives from the password. */
    private Path derived(ASN1ObjectIdentifier function, ASN1Encodable parameters) throws IOException {
        PBES2Parameters scheme = new PBES2Parameters(
                new KeyDerivationFunc(function, parameters),
                new EncryptionScheme(NISTObjectIdentifiers.id_aes128_CBC, new DEROctetString(new byte[16])));
        return Files.write(
                directory.resolve("derived.der"),
                new EncryptedPrivateKeyInfo(
                                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, scheme), new byte[32])
                        .getEncoded());
    }

    private static String refusal(Path key) {
        return refusal(key, TlsSettings.KeyFormat.DER);
    }

    /** Returns what follows the name of the file. */
    private static String refusal(Path key, TlsSettings.KeyFormat format) {
        TlsFileException refused = catchThrowableOfType(
                TlsFileException.class, () -> PrivateKeyFile.read(key, format, Optional.of(PASSWORD.toCharArray())));
        String head = "Error loading the key: " + key + " : ";
        assertThat(refused).hasMessageStartingWith(head);
        return String.valueOf(refused.getMessage()).substring(head.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-pkeyopt rsa_pss_keygen_md:sha384 -pkeyopt rsa_pss_keygen_mgf1_md:sha384"
                        + " -pkeyopt rsa_pss_keygen_saltlen:48",
            })
    void aKeyForPssAloneBelongsToItsCertificate(String restrictions) throws Exception {
        Path key = directory.resolve("pss.key");
        Path chain = directory.resolve("pss.crt");
        List<String> words = new ArrayList<>(List.of("genpkey", "-algorithm", "RSA-PSS", "-out", key.toString()));
        Stream.of(restrictions.split(" ")).filter(word -> !word.isEmpty()).forEach(words::add);
        openssl(words.toArray(String[]::new));
        openssl("req", "-x509", "-key", key.toString(), "-subj", "/CN=pss", "-out", chain.toString());
        assertThat(CertificateFiles.shown(chain, key, TlsSettings.KeyFormat.PEM, Optional.empty())
                        .key()
                        .getAlgorithm())
                .isEqualTo("RSASSA-PSS");
    }

    private Path encrypted(String options) {
        Path encrypted = directory.resolve("encrypted.key");
        List<String> words = new ArrayList<>(List.of("pkcs8", "-topk8", "-in", plain.toString()));
        words.addAll(List.of(options.split(" ")));
        words.addAll(List.of("-passout", "pass:" + PASSWORD, "-out", encrypted.toString()));
        openssl(words.toArray(String[]::new));
        return encrypted;
    }

    private static void openssl(String... words) {
        List<String> command = Stream.concat(
                        Stream.of(ChildProcess.require("openssl", "openssl").toString()), Stream.of(words))
                .toList();
        try (ChildProcess openssl = ChildProcess.start(command, Map.of())) {
            assertThat(openssl.awaitExit())
                    .as(() -> command + ": " + openssl.output())
                    .isZero();
        }
    }
}
