package io.memroute.app.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that somebody posts is checked and compared, and reaches nothing. */
@Timeout(120)
class ProposalPageTest {

    private static final String IN_FORCE = """
            pools{ main = { backends = { "127.0.0.1:1", "127.0.0.1:2" } } }
            routes{ default = route_direct{ child = "main" } }
            """;

    @TempDir
    private Path directory;

    private RunningSite site;
    private HttpClient http;

    @BeforeEach
    void start() throws Exception {
        site = new RunningSite(directory, IN_FORCE);
        http = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        site.close();
    }

    private HttpResponse<String> post(String query, String text, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(site.page("/api/proposal" + query)).POST(BodyPublishers.ofString(text));
        if (headers.length == 0) {
            request.header("Content-Type", "application/x-lua");
        } else {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString(UTF_8));
    }

    private String answer(String text) throws IOException, InterruptedException {
        HttpResponse<String> response = post("?keys=30000", text);
        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
        return response.body();
    }

    @Test
    void comparesAGoodOneWithWhatIsInForce() throws Exception {
        String answer = answer(IN_FORCE.replace("\"127.0.0.1:2\"", "\"127.0.0.1:2\", \"127.0.0.1:3\""));
        assertThat(answer)
                .contains("event: check\ndata: {\"errors\":[],", "event: progress\ndata: {\"hashed\":")
                .contains("event: plan\ndata: {", "\"backends_added\":[\"127.0.0.1:3\"]", "\"sampled_keys\":30000");
        assertThat(answer.indexOf("event: check")).isLessThan(answer.indexOf("event: progress"));
        assertThat(answer.lastIndexOf("event: progress")).isLessThan(answer.indexOf("event: plan"));
    }

    @Test
    void saysWhatIsWrongWithABadOne() throws Exception {
        assertThat(answer("routes{ default = route_direct{ child = \"nothing\" } }"))
                .contains("\"file\":\"pasted.lua\",\"line\":1", "no pool named \\\"nothing\\\"")
                .doesNotContain("event: plan");
        assertThat(answer("this is no Lua")).contains("syntax error near 'is'");
    }

    @Test
    void showsItNothingOfTheMachine() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret.lua"), "error('secret')");
        for (String code : new String[] {
            "io.open('%s')",
            "dofile('%s')",
            "assert(loadfile('%s'))",
            "io.lines('%s')",
            "io.output('%s')",
            "os.remove('%s')",
        }) {
            assertThat(answer(code.formatted(secret)))
                    .as(code)
                    .contains("a configuration that is tried out here uses no files")
                    .doesNotContain("event: plan");
        }
        assertThat(secret).exists();
        assertThat(answer("error('PATH is ' .. tostring(os.getenv('PATH')))")).contains("PATH is nil");
        assertThat(answer("io.popen('id')")).doesNotContain("uid=").contains("\"message\"");
        assertThat(answer("error(tostring(os.execute('id')))")).doesNotContain("uid=");
    }

    @Test
    void endsOneThatWouldNotEnd() throws Exception {
        assertThat(answer("while true do end")).contains("\"errors\":[{");
        assertThat(answer("local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1e5) .. i end"))
                .contains("\"errors\":[{");
    }

    @Test
    void takesNothingFromAPageOfAnotherSite() throws Exception {
        String type = "application/x-lua";
        assertThat(post("", IN_FORCE, "Content-Type", type, "Origin", "http://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(post(
                                "",
                                IN_FORCE,
                                "Content-Type",
                                type,
                                "Sec-Fetch-Site",
                                "cross-site",
                                "Sec-Fetch-Mode",
                                "navigate")
                        .statusCode())
                .isEqualTo(403);
        assertThat(post("", IN_FORCE, "Content-Type", "text/plain").statusCode())
                .isEqualTo(415);
        assertThat(post("", IN_FORCE, "Content-Type", "application/x-www-form-urlencoded")
                        .statusCode())
                .isEqualTo(415);
        assertThat(post("", IN_FORCE, "Content-Type", type, "Origin", "http://127.0.0.1:" + site.adminPort())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void takesNoMoreThanItIsGoodFor() throws Exception {
        assertThat(post("", "x".repeat((256 << 10) + 1)).statusCode()).isEqualTo(413);
        assertThat(post("?keys=1000001", IN_FORCE).statusCode()).isEqualTo(400);
        assertThat(post("?keys=x", IN_FORCE).statusCode()).isEqualTo(400);
        HttpRequest read = HttpRequest.newBuilder(site.page("/api/proposal")).build();
        assertThat(http.send(read, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }
}
