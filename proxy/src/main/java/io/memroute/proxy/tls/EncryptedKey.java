package io.memroute.proxy.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * Decrypts keys of PKCS#8. The older scheme of PKCS#5 is left to the JDK. Of the second the JDK knows AES alone, while
 * OpenSSL also writes DES-EDE3 ({@code genrsa -des3}) and scrypt. Ciphers are the JDK's: those of a library would have
 * to be signed in some JVMs.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8018#section-6.2">RFC 8018, PBES2</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7914#section-7">RFC 7914, scrypt in PBES2</a>
 */
final class EncryptedKey {

    /** A cipher as the JDK names it, and the bytes that its key has. */
    private record Algorithm(String name, int keyBytes) {}

    private static final Map<ASN1ObjectIdentifier, Algorithm> CIPHERS = Map.of(
            NISTObjectIdentifiers.id_aes128_CBC, new Algorithm("AES", 16),
            NISTObjectIdentifiers.id_aes192_CBC, new Algorithm("AES", 24),
            NISTObjectIdentifiers.id_aes256_CBC, new Algorithm("AES", 32),
            PKCSObjectIdentifiers.des_EDE3_CBC, new Algorithm("DESede", 24));

    private static final Map<ASN1ObjectIdentifier, String> DERIVATIONS = Map.of(
            PKCSObjectIdentifiers.id_hmacWithSHA1, "PBKDF2WithHmacSHA1",
            PKCSObjectIdentifiers.id_hmacWithSHA224, "PBKDF2WithHmacSHA224",
            PKCSObjectIdentifiers.id_hmacWithSHA256, "PBKDF2WithHmacSHA256",
            PKCSObjectIdentifiers.id_hmacWithSHA384, "PBKDF2WithHmacSHA384",
            PKCSObjectIdentifiers.id_hmacWithSHA512, "PBKDF2WithHmacSHA512");

    /** Memory for scrypt: what OpenSSL allows, so that it neither writes nor reads a key that needs more. */
    private static final int SCRYPT_MIB = 32;

    private EncryptedKey() {}

    /**
     * Decrypts a key.
     *
     * @throws GeneralSecurityException if the password is wrong
     * @throws IOException naming an algorithm that is not known, or that takes too much memory
     */
    static PrivateKeyInfo decrypted(PKCS8EncryptedPrivateKeyInfo key, char[] password)
            throws IOException, GeneralSecurityException {
        if (!key.getEncryptionAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
            return byFirstScheme(new EncryptedPrivateKeyInfo(key.getEncoded()), password);
        }
        PBES2Parameters scheme =
                PBES2Parameters.getInstance(key.getEncryptionAlgorithm().getParameters());
        return PrivateKeyInfo.getInstance(cipher(scheme, password).doFinal(key.getEncryptedData()));
    }

    private static PrivateKeyInfo byFirstScheme(EncryptedPrivateKeyInfo key, char[] password)
            throws GeneralSecurityException {
        AlgorithmParameters parameters = key.getAlgParameters();
        Cipher cipher = Cipher.getInstance(key.getAlgName());
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance(key.getAlgName()).generateSecret(new PBEKeySpec(password)),
                parameters);
        return PrivateKeyInfo.getInstance(key.getKeySpec(cipher).getEncoded());
    }

    private static Cipher cipher(PBES2Parameters scheme, char[] password) throws IOException, GeneralSecurityException {
        EncryptionScheme encryption = scheme.getEncryptionScheme();
        Algorithm algorithm = known(CIPHERS, encryption.getAlgorithm());
        byte[] secret = derived(scheme.getKeyDerivationFunc(), password, algorithm.keyBytes());
        byte[] start = ASN1OctetString.getInstance(encryption.getParameters()).getOctets();
        Cipher cipher = Cipher.getInstance(algorithm.name() + "/CBC/PKCS5Padding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(secret, algorithm.name()), new IvParameterSpec(start));
        return cipher;
    }

    private static byte[] derived(KeyDerivationFunc function, char[] password, int bytes)
            throws IOException, GeneralSecurityException {
        if (function.getAlgorithm().equals(MiscObjectIdentifiers.id_scrypt)) {
            ScryptParams parameters = ScryptParams.getInstance(function.getParameters());
            checkMemory(parameters);
            return SCrypt.generate(
                    new String(password).getBytes(StandardCharsets.UTF_8),
                    parameters.getSalt(),
                    parameters.getCostParameter().intValueExact(),
                    parameters.getBlockSize().intValueExact(),
                    parameters.getParallelizationParameter().intValueExact(),
                    bytes);
        }
        if (!function.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)) {
            throw unknown(function.getAlgorithm());
        }
        PBKDF2Params parameters = PBKDF2Params.getInstance(function.getParameters());
        PBEKeySpec spec = new PBEKeySpec(
                password, parameters.getSalt(), parameters.getIterationCount().intValueExact(), bytes * Byte.SIZE);
        return SecretKeyFactory.getInstance(
                        known(DERIVATIONS, parameters.getPrf().getAlgorithm()))
                .generateSecret(spec)
                .getEncoded();
    }

    /** The algorithm needs a block of 128 bytes times r for each step of N, and for each of p. */
    private static void checkMemory(ScryptParams parameters) throws IOException {
        BigInteger bytes = parameters
                .getCostParameter()
                .add(parameters.getParallelizationParameter())
                .multiply(parameters.getBlockSize())
                .multiply(BigInteger.valueOf(128));
        if (bytes.compareTo(BigInteger.valueOf((long) SCRYPT_MIB << 20)) > 0) {
            throw new IOException("it is encrypted by scrypt with N = " + parameters.getCostParameter() + ", r = "
                    + parameters.getBlockSize() + " and p = " + parameters.getParallelizationParameter()
                    + ", which takes more than " + SCRYPT_MIB + " MiB");
        }
    }

    private static <T> T known(Map<ASN1ObjectIdentifier, T> algorithms, ASN1ObjectIdentifier identifier)
            throws IOException {
        T algorithm = algorithms.get(identifier);
        if (algorithm == null) {
            throw unknown(identifier);
        }
        return algorithm;
    }

    private static IOException unknown(ASN1ObjectIdentifier identifier) {
        return new IOException("it is encrypted by an algorithm that is not known: " + identifier);
    }
}
