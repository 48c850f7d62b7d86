package io.memroute.app;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The runnable jar as {@code mvn package} leaves it, started as anyone would: {@code java -jar}, no JVM flags. */
final class Packaged {

    static final Path JAR = Path.of("target/memroute.jar").toAbsolutePath();

    private static final Pattern LISTENING = Pattern.compile("listening on [^\\n]*?:([0-9]+)[, ]");

    private Packaged() {}

    static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    static ChildProcess start(String... arguments) {
        return ChildProcess.start(command(arguments), Map.of());
    }

    /** Waits for a server's first log line and connects to the first TCP port in it. */
    static RawClient connect(ChildProcess server) {
        return RawClient.connect(port(server));
    }

    /** Waits for a server's first log line and takes the first TCP port from it. */
    static int port(ChildProcess server) {
        Deadline.await(
                "a port in the log of " + server,
                Deadline.OF_START,
                () -> LISTENING.matcher(server.output()).find() || !server.isAlive(),
                server::output);
        Matcher matcher = LISTENING.matcher(server.output());
        if (!matcher.find()) {
            throw new AssertionError(server + " listens on no TCP port: " + server.output());
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** Asks an admin listener whether the server is ready; "" while nobody answers there. */
    static String ready(SocketAddress admin) {
        try (RawClient probe = RawClient.connect(admin)) {
            probe.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return new String(probe.readToEnd(), StandardCharsets.US_ASCII);
        } catch (UncheckedIOException notYet) {
            return "";
        }
    }

    /** The tar.gz of the package. */
    static Path tarball() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow()
                    .toAbsolutePath();
        }
    }
}
