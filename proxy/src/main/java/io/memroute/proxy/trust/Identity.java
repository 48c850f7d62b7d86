package io.memroute.proxy.trust;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The identity of a client, as far as it has proved it. Immutable; the same object for all requests of a connection.
 *
 * @param user the name it has logged in with; empty if it has not
 * @param commonName the common name of its verified certificate; empty if it has none
 * @param alternativeNames the other names in that certificate: host names, addresses of mail, URIs
 * @param tag the tag of the listener it has come by; empty for one without
 */
public record Identity(String user, String commonName, List<String> alternativeNames, String tag) {

    /** A client of which nothing is known, by a listener without a tag. */
    public static final Identity UNKNOWN = new Identity("", "", List.of(), "");

    /** Kinds of names in certificates that are texts (RFC 5280, section 4.2.1.6): mail, host name, URI. */
    private static final List<Integer> TEXTS = List.of(1, 2, 6);

    public Identity {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(commonName, "commonName");
        alternativeNames = List.copyOf(alternativeNames);
        Objects.requireNonNull(tag, "tag");
    }

    /** A client of which only the listener is known. */
    public static Identity tagged(String tag) {
        return tag.isEmpty() ? UNKNOWN : new Identity("", "", List.of(), tag);
    }

    /** The same client, after it has logged in. */
    public Identity withUser(String name) {
        return new Identity(name, commonName, alternativeNames, tag);
    }

    /** The same client, with the names in a certificate that has been verified. */
    public Identity withCertificate(X509Certificate certificate) {
        return new Identity(user, commonName(certificate), alternativeNames(certificate), tag);
    }

    private static String commonName(X509Certificate certificate) {
        try {
            List<Rdn> parts = new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
            // The last part of the text is the first of the name.
            for (Rdn part : parts) {
                if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String text) {
                    return text;
                }
            }
            return "";
        } catch (InvalidNameException e) {
            return "";
        }
    }

    private static List<String> alternativeNames(X509Certificate certificate) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            List<String> texts = new ArrayList<>();
            if (all != null) {
                for (List<?> name : all) {
                    if (TEXTS.contains(name.getFirst())) {
                        texts.add((String) name.get(1));
                    }
                }
            }
            return texts;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
