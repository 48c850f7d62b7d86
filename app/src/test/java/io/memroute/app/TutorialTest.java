package io.memroute.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RefusingPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Walks {@code docs/tutorial.md} as a reader does: writes its files and types its commands, with the real program and
 * real memcached servers, and expects what the page shows. In the page {@code ...} stands for any text. The ports of
 * the page are replaced by free ones.
 */
class TutorialTest {

    private static final Path PAGE =
            Path.of("..", "docs", "tutorial.md").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern FILE = Pattern.compile("-- (\\S+\\.lua)\\n");
    private static final List<String> PORTS = List.of("11211", "12101", "12102", "12201", "12202");

    private static final String DEMO = "./memroute demo";
    private static final String DEMO_IS_READY = "Ctrl-C ends it.\n";
    /** The server of the demo that the page asks directly. The demo takes another port if this one is taken. */
    private static final String DEMO_SESSIONS = "11223";
    /** The console of the demo, likewise. */
    private static final String DEMO_CONSOLE = "9151";

    /** memcached as root needs a user; a machine may have no netcat. */
    private static final String MEMCACHED = "#!/bin/sh\nexec %s -u %s \"$@\"\n";

    private static final String NETCAT = "#!/usr/bin/env bash\nexec 3<>\"/dev/tcp/$1/$2\"\ncat >&3\ncat <&3\n";

    @TempDir
    private Path directory;

    private final Map<String, String> ports = new HashMap<>();

    @BeforeEach
    void provideThePrograms() throws IOException {
        List<RefusingPort> reserved = new ArrayList<>();
        PORTS.forEach(port -> reserved.add(RefusingPort.reserve()));
        // In the order of the page's, since statistics are sorted by server.
        reserved.sort(Comparator.comparing(free -> Integer.toString(free.port())));
        for (int i = 0; i < PORTS.size(); i++) {
            ports.put(PORTS.get(i), Integer.toString(reserved.get(i).port()));
        }
        reserved.forEach(RefusingPort::close);
        Path programs = Files.createDirectory(directory.resolve("programs"));
        program(
                programs.resolve("memcached"),
                MEMCACHED.formatted(ChildProcess.require("memcached", "memcached"), System.getProperty("user.name")));
        program(programs.resolve("nc"), NETCAT);
        program(
                directory.resolve("memroute"),
                "#!/bin/sh\nexec "
                        + ProgramUnderTest.command(List.of()).stream()
                                .map(word -> "'" + word + "'")
                                .collect(Collectors.joining(" "))
                        + " \"$@\"\n");
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A walk that fails on the way leaves servers behind. */
    @AfterEach
    void endTheServers() {
        run("for file in *.pid; do kill -9 $(cat $file); done 2>/dev/null");
    }

    @Test
    void everyStepDoesWhatThePageShows() throws IOException {
        ChildProcess demo = null;
        try {
            for (Matcher block = BLOCK.matcher(Files.readString(PAGE)); block.find(); ) {
                String text = block.group(2);
                if (block.group(1).equals("lua")) {
                    if (demo != null) {
                        demo.signal("INT");
                        assertThat(demo.awaitExit()).isZero();
                        demo = null;
                    }
                    write(text);
                } else if (text.startsWith("$ " + DEMO + "\n")) {
                    demo = startDemo(text.substring(text.indexOf('\n') + 1));
                } else {
                    assertThat(block.group(1)).isEqualTo("console");
                    type(text);
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
        ChildProcess demo = shell(DEMO + " --port " + ports.get("11211"));
        demo.awaitOutput(DEMO_IS_READY);
        ports.put(DEMO_SESSIONS, portAfter("pool \"sessions\" +127\\.0\\.0\\.1:", demo.output()));
        ports.put(DEMO_CONSOLE, portAfter("console  http://127\\.0\\.0\\.1:", demo.output()));
        assertThat(demo.output()).matches(pattern(expected));
        return demo;
    }

    private static String portAfter(String words, String output) {
        Matcher port = Pattern.compile(words + "([0-9]+)").matcher(output);
        assertThat(port.find()).as(output).isTrue();
        return port.group(1);
    }

    private void write(String text) throws IOException {
        Matcher name = FILE.matcher(text);
        assertThat(name.lookingAt())
                .as("a listing begins with the name of its file: %s", text)
                .isTrue();
        Files.writeString(directory.resolve(name.group(1)), withFreePorts(text));
    }

    /** Servers need a moment to start and to end, so each command is repeated until it prints what is expected. */
    private void type(String transcript) {
        for (String step : steps(transcript)) {
            int lineEnd = step.indexOf('\n');
            String command = withFreePorts(step.substring(0, lineEnd));
            Pattern expected = pattern(step.substring(lineEnd + 1));
            String[] printed = new String[1];
            Deadline.await(
                    "the output of " + command + " to be " + expected,
                    Deadline.OF_START,
                    () -> expected.matcher(printed[0] = run(command)).matches(),
                    () -> printed[0]);
        }
    }

    private static List<String> steps(String transcript) {
        return Stream.of(transcript.split("(?m)^\\$ "))
                .filter(step -> !step.isEmpty())
                .toList();
    }

    private Pattern pattern(String expected) {
        String quoted = Stream.of(withFreePorts(expected).split("\\.\\.\\.", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*"));
        return Pattern.compile(quoted, Pattern.DOTALL);
    }

    private String withFreePorts(String text) {
        for (Map.Entry<String, String> port : ports.entrySet()) {
            text = text.replace(port.getKey(), port.getValue());
        }
        return text;
    }

    private String run(String command) {
        try (ChildProcess shell = shell(command)) {
            shell.awaitExit();
            // The output is kept as it came, a character for each byte.
            return new String(shell.output().getBytes(ISO_8859_1), UTF_8).replace("\r", "");
        }
    }

    private ChildProcess shell(String command) {
        String path = directory.resolve("programs") + ":" + System.getenv("PATH");
        return ChildProcess.start(
                List.of("bash", "-c", "cd '" + directory + "' && exec 2>&1; " + command), Map.of("PATH", path));
    }
}
