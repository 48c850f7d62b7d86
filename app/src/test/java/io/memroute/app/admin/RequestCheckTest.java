package io.memroute.app.admin;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.options.AdminAddress;
import io.memroute.testkit.RawClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an admin listener takes for a request, byte by byte. */
class RequestCheckTest {

    private static final String HOST = "Host: 127.0.0.1:9150\r\n";

    @TempDir
    private Path directory;

    private AdminListener listener;

    @BeforeEach
    void start() throws IOException {
        listener = start("0");
    }

    @AfterEach
    void stop() {
        listener.close();
    }

    private static AdminListener start(String address) throws IOException {
        return AdminListener.start(
                AdminAddress.parse(address),
                () -> AdminPages.of(List.of(
                        new AdminPages.Page(
                                "/page",
                                AdminPages.Cost.LOW,
                                request -> AdminResponse.text(OK, "page" + request.values("a"))),
                        new AdminPages.Page(
                                "/long",
                                AdminPages.Cost.LOW,
                                request -> AdminResponse.text(OK, "x".repeat(100_000))))));
    }

    private static byte[] bytesFor(AdminListener listener, String request) {
        try (RawClient client = RawClient.connect(listener.address())) {
            client.send(request);
            return client.readToEnd();
        }
    }

    private String answerTo(String request) {
        return new String(bytesFor(listener, request), UTF_8);
    }

    private int statusOf(String requestLine, String headers) {
        return Integer.parseInt(
                answerTo(requestLine + "\r\n" + headers + "\r\n").split(" ")[1]);
    }

    @Test
    void answersWithALengthAndEndsTheConnection() {
        assertThat(answerTo("GET /page?a=1&a=%20b HTTP/1.1\r\n" + HOST + "\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .containsIgnoringCase("content-type: text/plain; charset=utf-8\r\n")
                .containsIgnoringCase("content-length: 11\r\n")
                .containsIgnoringCase("connection: close\r\n")
                .containsIgnoringCase("cache-control: no-store\r\n")
                .containsIgnoringCase("x-content-type-options: nosniff\r\n")
                .containsIgnoringCase("content-security-policy: default-src 'none'")
                .endsWith("\r\n\r\npage[1,  b]");
    }

    @Test
    void sendsTheHeadersAloneIfAskedForThem() {
        assertThat(answerTo("HEAD /page HTTP/1.1\r\n" + HOST + "\r\n"))
                .containsIgnoringCase("content-length: 6\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void speaksTheFirstMajorVersionOnly() {
        for (String version : List.of("HTTP/9.9", "HTTP/2.0", "HTTP/0.9")) {
            assertThat(answerTo("GET /page " + version + "\r\n" + HOST + "\r\n"))
                    .as(version)
                    .startsWith("HTTP/1.1 505 ")
                    .endsWith("\r\n\r\nexpected a request of HTTP/1.1 or HTTP/1.0\n");
        }
    }

    @Test
    void changesNothing() {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get")) {
            assertThat(answerTo(method + " /page HTTP/1.1\r\n" + HOST + "\r\n"))
                    .as(method)
                    .startsWith("HTTP/1.1 405 ")
                    .containsIgnoringCase("allow: GET, HEAD\r\n");
        }
    }

    @Test
    void takesNoBody() {
        assertThat(statusOf("GET /page HTTP/1.1", HOST + "Content-Length: 10\r\n"))
                .isEqualTo(413);
        assertThat(statusOf("GET /page HTTP/1.1", HOST + "Transfer-Encoding: chunked\r\n"))
                .isEqualTo(413);
        assertThat(statusOf("GET /page HTTP/1.1", HOST + "Content-Length: 0\r\n"))
                .isEqualTo(200);
    }

    @Test
    void knowsNoPathButItsPages() {
        for (String path : List.of(
                "/../../etc/passwd",
                "/page/../page",
                "//page",
                "/page/",
                "/%2e%2e/page",
                "/page%00",
                "file:///etc/passwd",
                "*",
                "/PAGE")) {
            assertThat(statusOf("GET " + path + " HTTP/1.1", HOST)).as(path).isEqualTo(404);
        }
    }

    @Test
    void saysWhatIsNoRequest() {
        for (String bytes : List.of(
                "show\r\n\r\n",
                "GET /page\r\n\r\n",
                "GET /page HTTP/1.1\r\n\r\n",
                "GET /page HTTP/1.1\r\n" + HOST + HOST + "\r\n",
                "GET /page HTTP/1.1\r\n" + HOST + "Content-Length: x\r\n\r\n",
                "GET /page?a=%zz HTTP/1.1\r\n" + HOST + "\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n")) {
            assertThat(answerTo(bytes)).as(bytes).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void answersToAddressesAndItsOwnNamesAlone() throws IOException {
        for (String host :
                List.of("localhost", "LocalHost:1", "127.0.0.1", "127.0.0.1:9", "[::1]", "[::1]:9", "10.1.2.3")) {
            assertThat(statusOf("GET /page HTTP/1.1", "Host: " + host + "\r\n"))
                    .as(host)
                    .isEqualTo(200);
        }
        for (String host : List.of("evil.example", "evil.example:9150", "localhost.evil.example", "", "a:b:c", "[")) {
            assertThat(statusOf("GET /page HTTP/1.1", "Host: " + host + "\r\n"))
                    .as(host)
                    .isEqualTo(403);
        }
        assertThat(answerTo("GET /page HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
                .endsWith("this listener is on a loopback address, and does not answer to the name"
                        + " \"evil.example\": expected an address or one of [localhost]\n");
    }

    @Test
    void believesTheServerThatAnAbsoluteTargetNames() {
        assertThat(answerTo("GET http://localhost:9150/page?a=1 HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("page[1]");
        assertThat(statusOf("HEAD HTTP://127.0.0.1/page HTTP/1.1", HOST)).isEqualTo(200);
        assertThat(statusOf("GET http://localhost?a=1 HTTP/1.1", HOST)).isEqualTo(404);
        assertThat(statusOf("GET http://evil.example/page HTTP/1.1", HOST)).isEqualTo(403);
        assertThat(statusOf("GET http://evil.example/page HTTP/1.0", "")).isEqualTo(403);
        assertThat(statusOf("GET http://me@localhost/page HTTP/1.1", HOST)).isEqualTo(403);
        assertThat(statusOf("GET http://localhost/page HTTP/1.1", "")).isEqualTo(400);
        assertThat(statusOf("GET http://localhost/page HTTP/1.1", HOST + HOST)).isEqualTo(400);
        assertThat(statusOf("GET ftp://localhost/page HTTP/1.1", HOST)).isEqualTo(404);
    }

    @Test
    void answersToEveryNameWhereOtherMachinesAskToo() throws IOException {
        for (String address :
                List.of("0.0.0.0:0", directory.resolve("admin.sock").toString())) {
            try (AdminListener open = start(address)) {
                assertThat(new String(bytesFor(open, "GET /page HTTP/1.1\r\nHost: proxy-1.example:1\r\n\r\n"), UTF_8))
                        .startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void answersNoPageOfAnotherSite() {
        String line = "GET /page HTTP/1.1";
        assertThat(statusOf(line, HOST + "Origin: http://evil.example\r\n")).isEqualTo(403);
        assertThat(statusOf(line, HOST + "Origin: null\r\n")).isEqualTo(403);
        assertThat(statusOf(line, HOST + "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"))
                .isEqualTo(403);
        assertThat(statusOf(line, HOST + "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\n"))
                .isEqualTo(403);

        assertThat(statusOf(line, HOST + "Origin: http://127.0.0.1:9150\r\n")).isEqualTo(200);
        assertThat(statusOf(line, HOST + "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\n"))
                .isEqualTo(200);
        assertThat(statusOf(line, HOST + "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\n"))
                .isEqualTo(200);
        assertThat(statusOf(line, HOST + "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"))
                .isEqualTo(200);
    }

    @Test
    void compressesLongAnswersForThoseWhoCanReadThem() throws IOException {
        byte[] answer =
                bytesFor(listener, "GET /long HTTP/1.1\r\n" + HOST + "Accept-Encoding: deflate, gzip;q=0.5\r\n\r\n");
        String text = new String(answer, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(text).containsIgnoringCase("content-encoding: gzip\r\n");
        int body = text.indexOf("\r\n\r\n") + 4;
        assertThat(answer.length).isLessThan(2000);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(answer, body, answer.length - body)).readAllBytes())
                .hasSize(100_000);

        for (String accepted : List.of("identity", "gzip;q=0", "gzip; q=0.0", "br")) {
            assertThat(answerTo("GET /long HTTP/1.1\r\n" + HOST + "Accept-Encoding: " + accepted + "\r\n\r\n"))
                    .as(accepted)
                    .doesNotContainIgnoringCase("content-encoding");
        }
    }
}
