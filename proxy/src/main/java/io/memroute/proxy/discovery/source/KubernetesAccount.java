package io.memroute.proxy.discovery.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.discovery.SourceException;
import io.memroute.proxy.tls.CertificateFiles;
import io.memroute.proxy.tls.DatedTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * The address of the Kubernetes API, and the account that asks it. The files are read for each question: the token is
 * renewed every hour, the authorities when the cluster's are.
 *
 * @param api the address of the API server, without a slash at its end
 * @param directory of the files {@code token} and {@code ca.crt}; either may be missing
 */
record KubernetesAccount(String api, Path directory) {

    /** The directory where Kubernetes puts the files of a pod's service account. */
    private static final Path POD = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    /** Names an API server outside of a pod, such as that of {@code kubectl proxy}. */
    private static final String API = "MEMROUTE_KUBERNETES_API";

    /** Names the directory of a service account outside of a pod. */
    private static final String ACCOUNT = "MEMROUTE_KUBERNETES_ACCOUNT";

    /**
     * The account that Kubernetes gives a pod, unless variables name others.
     *
     * @throws SourceException outside of a pod
     */
    static KubernetesAccount ofPod() throws SourceException {
        Path directory =
                Optional.ofNullable(System.getenv(ACCOUNT)).map(Path::of).orElse(POD);
        String named = System.getenv(API);
        if (named != null) {
            return new KubernetesAccount(named.replaceFirst("/+$", ""), directory);
        }
        String host = System.getenv("KUBERNETES_SERVICE_HOST");
        String port = System.getenv("KUBERNETES_SERVICE_PORT");
        if (host == null || port == null) {
            throw new SourceException(
                    "there is no Kubernetes API to ask: this is not a pod, and " + API + " is not set");
        }
        return new KubernetesAccount(
                "https://" + (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port, directory);
    }

    /** The token at this moment; empty if there is none. */
    Optional<String> token() throws SourceException {
        Path file = directory.resolve("token");
        try {
            return Optional.of(Files.readString(file, UTF_8).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new SourceException("the token of the service account cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The authorities that vouch for the API server at this moment; empty for those that the JVM trusts.
     *
     * @throws SourceException if their file cannot be used
     */
    List<X509Certificate> authorities() throws SourceException {
        try {
            return CertificateFiles.certificates(authorityFile());
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /**
     * Returns TLS that trusts those authorities.
     *
     * @param authorities from {@link #authorities}
     * @throws SourceException if they cannot be used
     */
    SSLContext trust(List<X509Certificate> authorities) throws SourceException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {DatedTrust.in(authorities)}, null);
            return context;
        } catch (GeneralSecurityException | IllegalStateException e) {
            throw unusable(e);
        }
    }

    private SourceException unusable(Exception reason) {
        return new SourceException(
                "the certificate authority in " + authorityFile() + " cannot be used: " + reason.getMessage(), reason);
    }

    /** The file of the authorities. */
    Path authorityFile() {
        return directory.resolve("ca.crt");
    }
}
