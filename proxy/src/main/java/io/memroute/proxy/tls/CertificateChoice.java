package io.memroute.proxy.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the certificate to show: the first that is for the name that the client asks for (SNI), else the first of
 * all. Thread safe.
 *
 * <p>The JDK's own key manager chooses by name too. But among certificates of which none has the name it takes any.
 */
final class CertificateChoice extends X509ExtendedKeyManager {

    private final List<ShownCertificate> certificates;

    /** @param certificates the one for clients that ask for no name first */
    CertificateChoice(List<ShownCertificate> certificates) {
        this.certificates = List.copyOf(certificates);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        List<SNIServerName> asked = engine.getHandshakeSession() instanceof ExtendedSSLSession session
                ? session.getRequestedServerNames()
                : List.of();
        int place = choose(asked, keyType);
        return place < 0 ? null : Integer.toString(place);
    }

    private int choose(List<SNIServerName> asked, String keyType) {
        boolean named = false;
        for (SNIServerName name : asked) {
            if (name instanceof SNIHostName host) {
                for (int i = 0; i < certificates.size(); i++) {
                    if (certificates.get(i).names(host.getAsciiName())) {
                        named = true;
                        if (hasType(i, keyType)) {
                            return i;
                        }
                    }
                }
            }
        }
        // A client asks for one type of key after the other: a certificate with its name comes before the first one.
        return !named && hasType(0, keyType) ? 0 : -1;
    }

    private boolean hasType(int place, String keyType) {
        String own = certificates.get(place).key().getAlgorithm();
        // TLS 1.2 names the way that keys are agreed on as well: EC_EC, DHE_RSA.
        return keyType.equals(own) || keyType.endsWith("_" + own) || own.equals("EdDSA") && keyType.startsWith("Ed");
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return certificates.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return certificates.get(Integer.parseInt(alias)).key();
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }
}
