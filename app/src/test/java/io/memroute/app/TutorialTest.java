package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Walks {@code docs/tutorial.md} as a reader does. */
class TutorialTest {

    private static final Path PAGE =
            Path.of("..", "docs", "tutorial.md").toAbsolutePath().normalize();
    private static final List<String> PORTS = List.of("11211", "12101", "12102", "12201", "12202");

    private static final String DEMO = "./memroute demo";
    private static final String DEMO_IS_READY = "Ctrl-C ends it.\n";
    /** The server of the demo that the page asks directly. The demo takes another port if this one is taken. */
    private static final String DEMO_SESSIONS = "11223";
    /** The console of the demo, likewise. */
    private static final String DEMO_CONSOLE = "9151";

    @TempDir
    private Path directory;

    private PageReader reader;

    @BeforeEach
    void provideThePrograms() throws IOException {
        reader = new PageReader(directory, PORTS);
    }

    @AfterEach
    void endTheServers() {
        reader.endTheServers();
    }

    @Test
    void everyStepDoesWhatThePageShows() throws IOException {
        ChildProcess demo = null;
        try {
            for (PageReader.Block block : PageReader.blocks(Files.readString(PAGE))) {
                String text = block.text();
                if (block.language().equals("lua")) {
                    if (demo != null) {
                        demo.signal("INT");
                        assertThat(demo.awaitExit()).isZero();
                        demo = null;
                    }
                    reader.write(text);
                } else if (text.startsWith("$ " + DEMO + "\n")) {
                    demo = startDemo(text.substring(text.indexOf('\n') + 1));
                } else {
                    assertThat(block.language()).isEqualTo("console");
                    reader.type(text);
                }
            }
        } finally {
            if (demo != null) {
                demo.close();
            }
        }
        assertThat(directory.resolve("cache.lua")).doesNotExist();
    }

    private ChildProcess startDemo(String expected) {
        ChildProcess demo = reader.shell(DEMO + " --port " + reader.port("11211"));
        demo.awaitOutput(DEMO_IS_READY);
        reader.use(DEMO_SESSIONS, portAfter("pool \"sessions\" +127\\.0\\.0\\.1:", demo.output()));
        reader.use(DEMO_CONSOLE, portAfter("console  http://127\\.0\\.0\\.1:", demo.output()));
        assertThat(demo.output()).matches(reader.pattern(expected));
        return demo;
    }

    private static String portAfter(String words, String output) {
        Matcher port = Pattern.compile(words + "([0-9]+)").matcher(output);
        assertThat(port.find()).as(output).isTrue();
        return port.group(1);
    }
}
