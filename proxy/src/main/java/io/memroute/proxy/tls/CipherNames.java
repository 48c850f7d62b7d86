package io.memroute.proxy.tls;

import io.netty.handler.ssl.CipherSuiteConverter;
import io.netty.handler.ssl.JdkSslContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Cipher suites as {@code ssl_ciphers} names them, by OpenSSL's names or by those of the standards. */
final class CipherNames {

    private CipherNames() {}

    /**
     * Returns the suites to offer: those listed for TLS 1.2, and all of TLS 1.3, as with memcached.
     *
     * @param list names separated by colons, commas or spaces
     * @param usual a context that offers the usual suites
     * @throws TlsFileException for a name that is none, a suite that this JVM does not have, and for OpenSSL's keywords
     */
    static List<String> suites(String list, JdkSslContext usual) throws TlsFileException {
        Set<String> supported = new TreeSet<>(
                Arrays.asList(usual.context().getSupportedSSLParameters().getCipherSuites()));
        List<String> suites = new ArrayList<>();
        for (String suite : usual.cipherSuites()) {
            if (!suite.contains("_WITH_")) {
                suites.add(suite);
            }
        }
        for (String name : list.split("[:, ]+")) {
            if (!name.isEmpty()) {
                suites.add(suite(name, supported, list));
            }
        }
        return suites;
    }

    private static String suite(String name, Set<String> supported, String list) throws TlsFileException {
        String found = supported.contains(name) ? name : ofOpenSsl(name);
        if (found == null || !supported.contains(found)) {
            throw new TlsFileException("Error setting the provided cipher(s): " + list + ": \"" + name
                    + "\" is not a cipher suite of this JVM; list names such as ECDHE-RSA-AES128-GCM-SHA256,"
                    + " not keywords such as HIGH");
        }
        return found;
    }

    private static @Nullable String ofOpenSsl(String name) {
        String found = CipherSuiteConverter.toJava(name, "TLS");
        return found == null || found.isEmpty() ? null : found;
    }
}
