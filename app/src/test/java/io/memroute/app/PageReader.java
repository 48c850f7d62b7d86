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

/**
 * A reader of a page who does what it says, in a directory of their own: writes its files and types its commands, with
 * the real program and real memcached servers, and expects what the page shows. In the page {@code ...} stands for any
 * text. The ports of the page are replaced by free ones.
 */
final class PageReader {

    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern FILE = Pattern.compile("(?:--|#) (\\S+\\.\\w+)\\n");

    /** memcached as root needs a user; a machine may have no netcat. */
    private static final String MEMCACHED = "#!/bin/sh\nexec %s -u %s \"$@\"\n";

    private static final String NETCAT = "#!/usr/bin/env bash\nexec 3<>\"/dev/tcp/$1/$2\"\ncat >&3\ncat <&3\n";

    private final Path directory;
    private final Map<String, String> ports = new HashMap<>();

    /** A part of a page: a file to write, or commands to type. */
    record Block(String language, String text) {}

    /** @param pagePorts the ports that the page names */
    PageReader(Path directory, List<String> pagePorts) throws IOException {
        this.directory = directory;
        List<RefusingPort> reserved = new ArrayList<>();
        pagePorts.forEach(port -> reserved.add(RefusingPort.reserve()));
        // In the order of the page's, since statistics are sorted by server.
        reserved.sort(Comparator.comparing(free -> Integer.toString(free.port())));
        for (int i = 0; i < pagePorts.size(); i++) {
            ports.put(pagePorts.get(i), Integer.toString(reserved.get(i).port()));
        }
        reserved.forEach(RefusingPort::close);
        Path programs = Files.createDirectory(directory.resolve("programs"));
        program(
                programs.resolve("memcached"),
                MEMCACHED.formatted(ChildProcess.require("memcached", "memcached"), System.getProperty("user.name")));
        program(programs.resolve("nc"), NETCAT);
        program(directory.resolve("memroute"), "#!/bin/sh\nexec " + ProgramUnderTest.shellCommand() + " \"$@\"\n");
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The blocks of a text in Markdown, in their order. */
    static List<Block> blocks(String markdown) {
        return BLOCK.matcher(markdown)
                .results()
                .map(block -> new Block(block.group(1), block.group(2)))
                .toList();
    }

    /** Returns the port that stands for one of the page's. */
    String port(String ofPage) {
        return ports.get(ofPage);
    }

    /** Has a port stand for one of the page's from now on. */
    void use(String ofPage, String port) {
        ports.put(ofPage, port);
    }

    /** Writes the file whose name is a comment in the first line of the text. */
    void write(String text) throws IOException {
        Matcher name = FILE.matcher(text);
        assertThat(name.lookingAt())
                .as("a listing begins with the name of its file: %s", text)
                .isTrue();
        Files.writeString(directory.resolve(name.group(1)), withFreePorts(text));
    }

    /**
     * Servers need a moment to start and to end, so each command is repeated until it prints what is expected. One that
     * should print nothing has to succeed, too.
     */
    void type(String transcript) {
        for (String step : steps(transcript)) {
            int lineEnd = endOfCommand(step);
            String command = withFreePorts(step.substring(0, lineEnd));
            boolean silent = step.length() == lineEnd + 1;
            Pattern expected = pattern(step.substring(lineEnd + 1));
            Ended[] last = new Ended[1];
            Deadline.await(
                    "the output of " + command + " to be " + expected,
                    Deadline.OF_START,
                    () -> {
                        last[0] = typed(command);
                        return expected.matcher(last[0].printed()).matches() && (!silent || last[0].status() == 0);
                    },
                    () -> "status " + last[0].status() + ": " + last[0].printed());
        }
    }

    /** The end of the first line that is not continued: by its last character, or by lines that are moved in. */
    private static int endOfCommand(String step) {
        int end = step.indexOf('\n');
        while (step.startsWith("    ", end + 1) || step.startsWith("  done\n", end + 1)) {
            end = step.indexOf('\n', end + 1);
        }
        return end;
    }

    private static List<String> steps(String transcript) {
        return Stream.of(transcript.split("(?m)^\\$ "))
                .filter(step -> !step.isEmpty())
                .toList();
    }

    /** A pattern for the text that the page expects. */
    Pattern pattern(String expected) {
        String quoted = Stream.of(withFreePorts(expected).split("\\.\\.\\.", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*"));
        return Pattern.compile(quoted, Pattern.DOTALL);
    }

    private String withFreePorts(String text) {
        return NUMBER.matcher(text).replaceAll(number -> ports.getOrDefault(number.group(), number.group()));
    }

    private record Ended(int status, String printed) {}

    private Ended typed(String command) {
        try (ChildProcess shell = shell(command)) {
            int status = shell.awaitExit();
            // The output is kept as it came, a character for each byte.
            return new Ended(status, new String(shell.output().getBytes(ISO_8859_1), UTF_8).replace("\r", ""));
        }
    }

    /** Starts a command. */
    ChildProcess shell(String command) {
        String path = directory.resolve("programs") + ":" + System.getenv("PATH");
        return ChildProcess.start(
                List.of("bash", "-c", "cd '" + directory + "' && exec 2>&1; " + command), Map.of("PATH", path));
    }

    /** Ends the servers that wrote their process ids to files: a walk that fails on the way leaves them behind. */
    void endTheServers() {
        typed("for file in *.pid; do kill -9 $(cat $file); done 2>/dev/null");
    }
}
