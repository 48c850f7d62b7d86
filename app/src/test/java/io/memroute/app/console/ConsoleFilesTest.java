package io.memroute.app.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.admin.AdminPages;
import io.memroute.app.admin.AdminRequest;
import io.memroute.app.admin.AdminResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the console is made of. */
class ConsoleFilesTest {

    private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"(/[^\"#]*)\"|from \"\\./([^\"]+)\"");

    private static List<AdminPages.Page> pages() {
        return ConsoleFiles.pages();
    }

    private static AdminResponse get(String path, String knownTag) {
        AdminPages.Page page = pages().stream()
                .filter(each -> each.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no page " + path));
        return page.answer().apply(new AdminRequest(path, Map.of(), "", knownTag, new byte[0]));
    }

    private static String text(AdminPages.Page page) {
        return new String(get(page.path(), "").body(), UTF_8);
    }

    @Test
    void everyFileThatOneNamesIsThere() {
        List<String> paths = pages().stream().map(AdminPages.Page::path).toList();
        assertThat(pages())
                .allSatisfy(page -> REFERENCE
                        .matcher(text(page))
                        .results()
                        .forEach(match -> assertThat(paths)
                                .contains(match.group(1) != null ? match.group(1) : "/console/" + match.group(2))));
    }

    @Test
    void asksNoOtherHostAndHasNothingThatThePolicyForbids() {
        assertThat(pages())
                .filteredOn(page -> !page.path().contains("uPlot"))
                .allSatisfy(page -> assertThat(text(page))
                        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
                        .doesNotContain("style=\"", "<style", "javascript:", "https://", "@import", "url(")
                        .doesNotContainPattern("http://(?!www\\.w3\\.org/2000/svg)")
                        .doesNotContainPattern("<script(?! type=\"module\" src=)"));
    }

    @Test
    void letsAPageUseNothingButItsOwnFiles() {
        assertThat(get("/", "").headers().get("Content-Security-Policy"))
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .contains("frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'")
                .doesNotContain("unsafe", "*", "data:");
    }

    @Test
    void sendsAFileAgainOnlyIfItIsAnother() {
        AdminResponse first = get("/console/main.js", "");
        String tag = first.headers().get("ETag");
        assertThat(first.contentType()).isEqualTo("text/javascript; charset=utf-8");
        assertThat(first.headers()).containsEntry("Cache-Control", "no-cache");
        for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag)) {
            assertThat(get("/console/main.js", known))
                    .satisfies(again -> assertThat(again.status()).isEqualTo(304))
                    .satisfies(again -> assertThat(again.body()).isEmpty());
        }
        assertThat(get("/console/main.js", "\"other\"").status()).isEqualTo(200);
    }
}
