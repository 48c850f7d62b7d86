package io.memroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.testkit.ChildProcess;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys as OpenSSL encrypts them, in this version and in earlier ones. */
class PrivateKeyFileTest {

    private static final String PASSWORD = "open sesame";

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

    @Test
    void anAlgorithmThatIsNotKnownIsNamed() {
        Path encrypted = encrypted("-v2 camellia128");
        assertThatThrownBy(() ->
                        PrivateKeyFile.read(encrypted, TlsSettings.KeyFormat.PEM, Optional.of(PASSWORD.toCharArray())))
                .isInstanceOf(TlsFileException.class)
                .hasMessage("Error loading the key: " + encrypted
                        + " : it is encrypted by an algorithm that is not known: 1.2.392.200011.61.1.1.1.2");
    }

    @Test
    void aKeyForPssAloneBelongsToItsCertificate() throws Exception {
        Path key = directory.resolve("pss.key");
        Path chain = directory.resolve("pss.crt");
        openssl("genpkey", "-algorithm", "RSA-PSS", "-out", key.toString());
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
