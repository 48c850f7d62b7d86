package io.memroute.proxy.discovery.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.memroute.proxy.discovery.FoundServer;
import io.memroute.proxy.discovery.SourceException;
import io.memroute.testkit.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks a server that answers as the Kubernetes API does, in the shapes of its documentation. */
class KubernetesSourceTest {

    /** An answer to come: of a watch, all its events. */
    private record Answer(int status, String body, boolean ends) {

        Answer(int status, String body) {
            this(status, body, true);
        }
    }

    /** What the server says with each answer to come; empty: nothing. */
    private String retryAfter = "";

    @TempDir
    private Path account;

    private HttpServer api;
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeEach
    void listen() throws IOException {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.setExecutor(
                Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
        api.createContext("/", this::answer);
        api.start();
        Files.writeString(account.resolve("token"), "first\n");
    }

    @AfterEach
    void end() {
        over.countDown();
        api.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        Answer answer = next(exchange);
        if (!retryAfter.isEmpty()) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
        }
        exchange.sendResponseHeaders(answer.status, 0);
        exchange.getResponseBody().write(answer.body.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        if (!answer.ends) {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        exchange.close();
    }

    private synchronized Answer next(HttpExchange exchange) {
        asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        return answers.isEmpty() ? new Answer(500, "") : answers.remove();
    }

    @Test
    void listsTheEndpointsOfAllPagesAndSlices() throws Exception {
        answers.add(new Answer(200, list("100", "more", slice("mc-a", "99", endpoint("mc-0", "10.0.0.1", "{}")))));
        answers.add(new Answer(
                200,
                list(
                        "100",
                        "",
                        slice(
                                "mc-b",
                                "98",
                                // While an endpoint moves it is in two slices.
                                endpoint("mc-0", "10.0.0.1", "{\"ready\": true}"),
                                endpoint("mc-1", "10.0.0.2", "{\"ready\": false}"),
                                endpoint(
                                        "mc-2",
                                        "10.0.0.3",
                                        "{\"ready\": false, \"serving\": true, \"terminating\": true}"),
                                "{\"addresses\": [\"10.0.0.4\"], \"conditions\": {\"ready\": null},"
                                        + " \"targetRef\": {\"kind\": \"Pod\", \"name\": \"mc-x7k\"}}"))));
        try (KubernetesSource source = source("mc.caches")) {
            assertThat(source.ask().servers())
                    .containsExactly(
                            new FoundServer("mc-0", "10.0.0.1", 11211),
                            new FoundServer("mc-2", "10.0.0.3", 11211),
                            new FoundServer("mc-x7k", "10.0.0.4", 11211));
        }
        assertThat(asked)
                .containsExactly(
                        "/apis/discovery.k8s.io/v1/namespaces/caches/endpointslices"
                                + "?labelSelector=kubernetes.io%2Fservice-name%3Dmc&limit=500 Bearer first",
                        "/apis/discovery.k8s.io/v1/namespaces/caches/endpointslices"
                                + "?labelSelector=kubernetes.io%2Fservice-name%3Dmc&limit=500"
                                + "&continue=more Bearer first");
    }

    @Test
    void watchesFromTheLastVersionAndReadsTheTokenAgain() throws Exception {
        answers.add(new Answer(200, list("100", "", slice("mc-a", "99", endpoint("mc-0", "10.0.0.1", "{}")))));
        answers.add(new Answer(
                200,
                event("ADDED", slice("mc-b", "101", endpoint("mc-1", "10.0.0.2", "{}")))
                        + event("MODIFIED", slice("mc-a", "102", endpoint("mc-0", "10.0.0.9", "{}")))
                        + event(
                                "BOOKMARK",
                                "{\"kind\": \"EndpointSlice\", \"metadata\": {\"resourceVersion\": \"110\"}}")
                        + event("DELETED", slice("mc-b", "111", endpoint("mc-1", "10.0.0.2", "{}")))));
        answers.add(new Answer(200, event("MODIFIED", slice("mc-a", "112", endpoint("mc-0", "10.0.0.8", "{}")))));
        try (KubernetesSource source = source("mc.caches")) {
            assertThat(hosts(source)).isEqualTo("10.0.0.1");
            assertThat(hosts(source)).isEqualTo("10.0.0.1 10.0.0.2");
            assertThat(hosts(source)).isEqualTo("10.0.0.9 10.0.0.2");
            assertThat(hosts(source)).isEqualTo("10.0.0.9 10.0.0.2");
            assertThat(hosts(source)).isEqualTo("10.0.0.9");
            Files.writeString(account.resolve("token"), "second\n");
            // The watch has ended.
            assertThat(hosts(source)).isEqualTo("10.0.0.9");
            assertThat(hosts(source)).isEqualTo("10.0.0.8");
        }
        assertThat(asked.get(1)).contains("&watch=true&", "&resourceVersion=100 Bearer first");
        assertThat(asked.get(2)).contains("&watch=true&", "&resourceVersion=111 Bearer second");
    }

    @Test
    void listsAgainWhereTheServerHasForgottenTheVersion() throws Exception {
        answers.add(new Answer(200, list("100", "", slice("mc-a", "99", endpoint("mc-0", "10.0.0.1", "{}")))));
        answers.add(new Answer(
                200,
                event(
                        "ERROR",
                        "{\"kind\": \"Status\", \"status\": \"Failure\", \"reason\": \"Expired\", \"code\": 410}")));
        answers.add(new Answer(200, list("200", "", slice("mc-c", "199", endpoint("mc-0", "10.0.0.2", "{}")))));
        answers.add(new Answer(410, "{}"));
        answers.add(new Answer(200, list("300", "", slice("mc-d", "299", endpoint("mc-0", "10.0.0.3", "{}")))));
        try (KubernetesSource source = source("mc.caches")) {
            assertThat(hosts(source)).isEqualTo("10.0.0.1");
            assertThat(hosts(source)).isEqualTo("10.0.0.2");
            assertThat(hosts(source)).isEqualTo("10.0.0.3");
        }
    }

    @Test
    void failuresAreSaidAndTheWatchGoesOnFromWhereItWas() throws Exception {
        answers.add(new Answer(200, list("100", "", slice("mc-a", "99", endpoint("mc-0", "10.0.0.1", "{}")))));
        answers.add(new Answer(403, "{}"));
        answers.add(new Answer(200, "{\"type\": \"ADDED\", \"object\": {"));
        answers.add(new Answer(200, event("ADDED", slice("mc-b", "101", endpoint("mc-1", "10.0.0.2", "{}")))));
        try (KubernetesSource source = source("mc.caches")) {
            assertThat(hosts(source)).isEqualTo("10.0.0.1");
            assertThatThrownBy(source::ask)
                    .isInstanceOf(SourceException.class)
                    .hasMessage("the Kubernetes API answered with HTTP status 403: the service account needs get, list"
                            + " and watch of endpointslices (docs/discovery.md)");
            assertThatThrownBy(source::ask).hasMessage("the answer is incomplete, or not JSON");
            assertThat(hosts(source)).isEqualTo("10.0.0.1 10.0.0.2");
        }
        assertThat(asked.getLast()).contains("&resourceVersion=100");
    }

    @Test
    void honoursThePauseThatTheServerAsksFor() throws Exception {
        retryAfter = "17";
        for (int status : new int[] {429, 503}) {
            answers.add(new Answer(status, "{}"));
            try (KubernetesSource source = source("mc.caches")) {
                assertThatExceptionOfType(SourceException.class)
                        .isThrownBy(source::ask)
                        .satisfies(refusal -> assertThat(refusal.pause()).hasSeconds(17));
            }
        }
    }

    @Test
    void honoursThePauseThatAnErrorInTheWatchAsksFor() throws Exception {
        answers.add(new Answer(200, list("100", "", slice("mc-a", "99", endpoint("mc-0", "10.0.0.1", "{}")))));
        answers.add(new Answer(
                200,
                event(
                        "ERROR",
                        "{\"kind\": \"Status\", \"status\": \"Failure\", \"reason\": \"TooManyRequests\","
                                + " \"details\": {\"retryAfterSeconds\": 17}, \"code\": 429}")));
        try (KubernetesSource source = source("mc.caches")) {
            source.ask();
            assertThatExceptionOfType(SourceException.class)
                    .isThrownBy(source::ask)
                    .satisfies(refusal -> assertThat(refusal.pause()).hasSeconds(17));
        }
    }

    /** A cluster gets a new authority: the certificates of its API servers follow, and pods are given the new file. */
    @Test
    void trustsTheAuthorityThatTheFileNamesAtThatMoment() throws Exception {
        TestCertificate first = TestCertificate.make(account, "first", "IP:127.0.0.1");
        TestCertificate second = TestCertificate.make(account, "second", "IP:127.0.0.1");
        answers.add(new Answer(200, list("100", "", slice("mc-a", "99", endpoint("mc-0", "10.0.0.1", "{}")))));
        answers.add(new Answer(200, event("ADDED", slice("mc-b", "101", endpoint("mc-1", "10.0.0.2", "{}")))));
        trust(first);
        HttpsServer before = secured(first, 0);
        int port = before.getAddress().getPort();
        try (KubernetesSource source =
                new KubernetesSource("mc.caches", new KubernetesAccount("https://127.0.0.1:" + port, account))) {
            assertThat(hosts(source)).isEqualTo("10.0.0.1");
            before.stop(0);
            HttpsServer after = secured(second, port);
            try {
                assertThatThrownBy(source::ask).hasMessageContaining("PKIX path");
                trust(second);
                assertThat(hosts(source)).isEqualTo("10.0.0.1 10.0.0.2");
            } finally {
                after.stop(0);
            }
        } finally {
            before.stop(0);
        }
    }

    /** Whom the JVM trusts must not get the token that was for the cluster's own API server. */
    @Test
    void asksNobodyWhenTheFileOfTheAuthorityIsGone() throws Exception {
        TestCertificate authority = TestCertificate.make(account, "first", "IP:127.0.0.1");
        answers.add(new Answer(200, list("100", "", slice("mc-a", "99", endpoint("mc-0", "10.0.0.1", "{}")))));
        answers.add(new Answer(200, event("ADDED", slice("mc-b", "101", endpoint("mc-1", "10.0.0.2", "{}")))));
        trust(authority);
        HttpsServer server = secured(authority, 0);
        try (KubernetesSource source = new KubernetesSource(
                "mc.caches",
                new KubernetesAccount("https://127.0.0.1:" + server.getAddress().getPort(), account))) {
            assertThat(hosts(source)).isEqualTo("10.0.0.1");
            Files.delete(account.resolve("ca.crt"));
            assertThatThrownBy(source::ask)
                    .hasMessage("the certificate authority in " + account.resolve("ca.crt") + " is gone");
            trust(authority);
            assertThat(hosts(source)).isEqualTo("10.0.0.1 10.0.0.2");
        } finally {
            server.stop(0);
        }
    }

    private void trust(TestCertificate authority) throws IOException {
        Files.copy(authority.certificateFile(), account.resolve("ca.crt"), StandardCopyOption.REPLACE_EXISTING);
    }

    private HttpsServer secured(TestCertificate certificate, int port) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
        server.createContext("/", this::answer);
        server.start();
        return server;
    }

    /** Not from the version that was forgotten, with none of the slices known any more. */
    @Test
    void listsAgainIfTheListAfterAForgottenVersionFails() throws Exception {
        answers.add(new Answer(200, list("100", "", slice("mc-a", "99", endpoint("mc-0", "10.0.0.1", "{}")))));
        answers.add(new Answer(200, event("ERROR", "{\"kind\": \"Status\", \"code\": 410}")));
        answers.add(new Answer(500, "{}"));
        answers.add(new Answer(
                200,
                list(
                        "200",
                        "",
                        slice("mc-a", "99", endpoint("mc-0", "10.0.0.1", "{}")),
                        slice("mc-b", "101", endpoint("mc-1", "10.0.0.2", "{}")))));
        try (KubernetesSource source = source("mc.caches")) {
            assertThat(hosts(source)).isEqualTo("10.0.0.1");
            assertThatThrownBy(source::ask).hasMessage("the Kubernetes API answered with HTTP status 500");
            assertThat(hosts(source)).isEqualTo("10.0.0.1 10.0.0.2");
        }
        assertThat(asked.getLast()).contains("&limit=").doesNotContain("watch");
    }

    @Test
    void aListThatDoesNotEndIsGivenUp() throws Exception {
        String whole = list("100", "", slice("mc-a", "99", endpoint("mc-0", "10.0.0.1", "{}")));
        answers.add(new Answer(200, whole.substring(0, whole.length() / 2), false));
        try (KubernetesSource source = new KubernetesSource("mc.caches", account(), Duration.ofMillis(300))) {
            assertThatThrownBy(source::ask)
                    .isInstanceOf(SourceException.class)
                    .hasMessage("the answer is incomplete, or not JSON");
        }
    }

    @Test
    void doesNotKeepAServerBusyThatEndsItsWatchesAtOnce() throws Exception {
        String slice = slice("mc-a", "99", endpoint("mc-0", "10.0.0.1", "{}"));
        answers.add(new Answer(200, list("100", "", slice)));
        answers.add(new Answer(200, event("MODIFIED", slice)));
        answers.add(new Answer(410, "{}"));
        answers.add(new Answer(200, list("100", "", slice)));
        try (KubernetesSource source = source("mc.caches")) {
            assertThat(source.ask().pause()).as("after the list").isZero();
            assertThat(source.ask().pause()).as("after an event").isZero();
            assertThat(source.ask().pause()).as("after the end of a watch").isEqualTo(Duration.ofSeconds(1));
            assertThat(source.ask().pause()).as("after another list").isEqualTo(Duration.ofSeconds(1));
        }
    }

    /** Of both families, or of the pod of the same name that came after one that ends. */
    @Test
    void takesTheSameOneOfSeveralEndpointsOfAPodWhateverTheirOrder() throws Exception {
        String six = slice("mc-a", "99", endpoint("mc-0", "fd00::1", "{\"ready\": true}"));
        String four = slice("mc-b", "99", endpoint("mc-0", "10.0.0.2", "{\"ready\": true}"));
        String ending = slice("mc-c", "99", endpoint("mc-0", "10.0.0.1", "{\"serving\": true, \"terminating\": true}"));
        answers.add(new Answer(200, list("100", "", six, four, ending)));
        answers.add(new Answer(200, list("100", "", ending, four, six)));
        for (int i = 0; i < 2; i++) {
            try (KubernetesSource source = source("mc.caches")) {
                assertThat(hosts(source)).isEqualTo("10.0.0.2");
            }
        }
    }

    @Test
    void aThousandEndpointsInManySlicesAreOneList() throws Exception {
        List<String> slices = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            List<String> endpoints = new ArrayList<>();
            for (int k = 0; k < 100; k++) {
                endpoints.add(endpoint("mc-" + (i * 100 + k), "10.0." + i + "." + k, "{}"));
            }
            slices.add(slice("mc-slice-" + i, "99", endpoints.toArray(String[]::new)));
        }
        answers.add(new Answer(200, list("100", "", slices.toArray(String[]::new))));
        answers.add(new Answer(200, event("DELETED", slices.get(3))));
        try (KubernetesSource source = source("mc.caches")) {
            assertThat(source.ask().servers()).hasSize(1000).doesNotHaveDuplicates();
            assertThat(source.ask().servers()).hasSize(900);
        }
    }

    @Test
    void findsThePortByNameOrNumber() throws Exception {
        String ports = "[{\"name\": \"metrics\", \"port\": 9150}, {\"name\": \"cache\", \"port\": 11311}]";
        String slice = slice("mc-a", "99", endpoint("mc-0", "10.0.0.1", "{}"))
                .replaceFirst("\"ports\": \\[.*?\\]", "\"ports\": " + ports);
        assertThat(port("mc.caches:cache", slice)).isEqualTo(11311);
        assertThat(port("mc.caches:1234", slice)).isEqualTo(1234);
        assertThat(port("mc.caches", slice.replace("metrics", "memcached"))).isEqualTo(9150);
        assertThatThrownBy(() -> port("mc.caches", slice))
                .hasMessage("the service has 2 ports: expected k8s+SERVICE.NAMESPACE:PORT");
        assertThatThrownBy(() -> port("mc.caches:none", slice)).hasMessage("the service has no port named none");
        assertThatThrownBy(() -> source("mc")).hasMessageStartingWith("expected k8s+SERVICE.NAMESPACE");
    }

    @Test
    void takesTheEndpointsOfAZone() throws Exception {
        String slice = slice(
                "mc-a",
                "99",
                endpoint("mc-0", "10.0.0.1", "{}"),
                endpoint("mc-1", "10.0.0.2", "{}").replace("eu-1a", "eu-1b"),
                endpoint("mc-2", "10.0.0.3", "{}").replace(", \"zone\": \"eu-1a\"", ""));
        answers.add(new Answer(200, list("100", "", slice)));
        try (KubernetesSource source = source("mc.caches:11211?zone=eu-1b")) {
            assertThat(hosts(source)).isEqualTo("10.0.0.2");
        }
        answers.add(new Answer(200, list("100", "", slice)));
        try (KubernetesSource source = source("mc.caches?zone=eu-2")) {
            assertThatThrownBy(source::ask).hasMessage("no endpoint is in zone eu-2, but in: (no zone), eu-1a, eu-1b");
        }
        assertThatThrownBy(() -> source("mc.caches?zone="))
                .hasMessage("expected k8s+SERVICE.NAMESPACE[:PORT][?zone=ZONE]");
    }

    private int port(String where, String slice) throws SourceException, InterruptedException {
        answers.clear();
        answers.add(new Answer(200, list("100", "", slice)));
        try (KubernetesSource source = source(where)) {
            return source.ask().servers().getFirst().port();
        }
    }

    private KubernetesSource source(String where) throws SourceException {
        return new KubernetesSource(where, account());
    }

    private KubernetesAccount account() {
        return new KubernetesAccount("http://127.0.0.1:" + api.getAddress().getPort(), account);
    }

    private static String hosts(KubernetesSource source) throws SourceException, InterruptedException {
        return String.join(
                " ", source.ask().servers().stream().map(FoundServer::host).toList());
    }

    private static String event(String type, String object) {
        return "{\"type\": \"" + type + "\", \"object\": " + object + "}\n";
    }

    private static String list(String version, String more, String... slices) {
        return """
                {"kind": "EndpointSliceList", "apiVersion": "discovery.k8s.io/v1",
                 "metadata": {"resourceVersion": "%s", "continue": "%s"}, "items": [%s]}
                """.formatted(version, more, String.join(", ", slices));
    }

    private static String slice(String name, String version, String... endpoints) {
        return """
                {"metadata": {"name": "%s", "namespace": "caches", "resourceVersion": "%s",
                "labels": {"kubernetes.io/service-name": "mc"}}, "addressType": "IPv4",
                "ports": [{"name": "", "port": 11211, "protocol": "TCP"}], "endpoints": [%s]}
                """.formatted(name, version, String.join(", ", endpoints)).replace("\n", " ");
    }

    private static String endpoint(String hostname, String address, String conditions) {
        return """
                {"addresses": ["%s"], "conditions": %s, "hostname": "%s", "nodeName": "node-1", "zone": "eu-1a"}
                """.formatted(address, conditions, hostname).strip();
    }
}
