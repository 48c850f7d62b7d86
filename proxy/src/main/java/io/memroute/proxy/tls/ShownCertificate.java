package io.memroute.proxy.tls;

import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * A certificate that memroute shows, with its key.
 *
 * @param chain the certificate first, then its intermediates
 */
record ShownCertificate(List<X509Certificate> chain, PrivateKey key) {

    /** The number that stands for a host name in the list of a certificate's names (RFC 5280, section 4.2.1.6). */
    private static final int DNS_NAME = 2;

    X509Certificate certificate() {
        return chain.getFirst();
    }

    /** The first moment at which a certificate of the chain is no longer valid. */
    Instant validUntil() {
        return chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** Returns whether it is for a host name: one of its names is equal, or stands for it with {@code *.}. */
    boolean names(String host) {
        String wanted = host.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        String wildcard = dot < 0 ? "" : "*" + wanted.substring(dot);
        for (String name : hostNames(certificate())) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.equals(wanted) || lower.equals(wildcard)) {
                return true;
            }
        }
        return false;
    }

    /** The host names that a certificate is for; empty if it names none. */
    static List<String> hostNames(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return List.of();
            }
            List<String> hosts = new ArrayList<>();
            for (List<?> name : names) {
                if (name.getFirst().equals(DNS_NAME)) {
                    hosts.add((String) name.get(1));
                }
            }
            return hosts;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
