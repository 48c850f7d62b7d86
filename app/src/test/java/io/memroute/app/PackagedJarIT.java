package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runnable jar from its start to its end. */
class PackagedJarIT {

    @TempDir
    private Path directory;

    @Test
    void printsItsVersion() {
        try (ChildProcess program = Packaged.start("-V")) {
            assertThat(program.awaitExit()).isZero();
            assertThat(program.output()).matches("memroute [0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?\\n");
        }
    }

    @Test
    void refusesUnknownOptionsInGetoptsWords() {
        try (ChildProcess program = Packaged.start("-y")) {
            assertThat(program.awaitExit()).isEqualTo(1);
            assertThat(program.output()).isEqualTo("memroute: invalid option -- 'y'\n");
        }
    }

    @Test
    void namesTheCommandsIfItDoesNotKnowOne() {
        try (ChildProcess program = Packaged.start("dmeo")) {
            assertThat(program.awaitExit()).isEqualTo(64);
            assertThat(program.output())
                    .startsWith("memroute: no command \"dmeo\" (did you mean \"demo\"?)\n")
                    .contains("\nThe commands are run, demo, ")
                    .hasLineCount(2);
        }
    }

    @Test
    void isAPlainMemcachedWithoutAConfiguration() throws IOException {
        Path pidFile = directory.resolve("pid");
        try (ChildProcess server = Packaged.start("-p", "-1", "-l", "127.0.0.1", "-P", pidFile.toString())) {
            try (RawClient client = Packaged.connect(server)) {
                client.send("set a 1 0 5\r\nhello\r\nget a\r\nmg a v f\r\n");
                client.expect("STORED\r\nVALUE a 1 5\r\nhello\r\nEND\r\nVA 5 f1\r\nhello\r\n");
            }
            Deadline.await("the pid file", () -> Files.exists(pidFile));
            assertThat(pidFile).hasContent(Long.toString(server.pid()));
            // java -jar without flags: none of the JVM's warnings about native access or Unsafe.
            assertThat(server.output()).doesNotContainIgnoringCase("warn").hasLineCount(1);

            server.signal("TERM");
            assertThat(server.awaitExit()).isZero();
            assertThat(pidFile).doesNotExist();
        }
    }

    @Test
    void routesReloadsAndStops() throws IOException {
        Path configuration = directory.resolve("memroute.lua");
        try (MemcachedServer first = MemcachedServer.start();
                MemcachedServer second = MemcachedServer.start()) {
            Files.writeString(configuration, configuration(first.port()));
            try (ChildProcess proxy = Packaged.start("run", configuration.toString(), "-p", "-1", "-l", "127.0.0.1");
                    RawClient client = Packaged.connect(proxy);
                    RawClient direct = first.connect()) {
                client.send("set a 0 0 5\r\nfirst\r\n");
                client.expect("STORED\r\n");
                direct.send("get a\r\n");
                direct.expect("VALUE a 0 5\r\nfirst\r\nEND\r\n");

                Files.writeString(configuration, "pools{\n  main = { backends = 7 },\n}\n");
                proxy.signal("HUP");
                proxy.awaitOutput(configuration + ":");
                client.send("get a\r\n");
                client.expect("VALUE a 0 5\r\nfirst\r\nEND\r\n");

                Files.writeString(configuration, configuration(second.port()));
                proxy.signal("HUP");
                proxy.awaitOutput("configuration reloaded");
                client.send("get a\r\n");
                client.expect("END\r\n");

                proxy.signal("TERM");
                assertThat(proxy.awaitExit()).isZero();
                client.expectClosed();
            }
        }
    }

    /** Starts a proxy with one worker, on a free port. */
    private static ChildProcess oneWorker(Path configuration, String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("run", configuration.toString(), "-t", "1", "-p", "-1", "-l", "127.0.0.1"));
        arguments.addAll(List.of(options));
        return Packaged.start(arguments.toArray(String[]::new));
    }

    @Test
    void answersWhatIsUnderWayBeforeItEnds() throws IOException {
        Path configuration = directory.resolve("memroute.lua");
        try (ScriptedBackend backend = ScriptedBackend.start()) {
            Files.writeString(configuration, configuration(backend.port()));
            try (ChildProcess proxy = oneWorker(configuration);
                    RawClient client = Packaged.connect(proxy)) {
                ScriptedBackend.Connection connection = backend.accept();
                client.send("mg key v\r\n".repeat(200));
                String first = repliesTo(50, connection);
                proxy.signal("TERM");
                connection.send(first);
                connection.send(repliesTo(150, connection));
                client.expect("VA 5\r\nvalue\r\n".repeat(200));
                client.expectClosed();
                assertThat(proxy.awaitExit()).isZero();
            }
        }
    }

    /** Reads that many requests, and returns the replies to them and to the proxy's marks between them. */
    private static String repliesTo(int requests, ScriptedBackend.Connection connection) {
        StringBuilder replies = new StringBuilder();
        for (int read = 0; read < requests; ) {
            String line = connection.readLine();
            if (line.equals("version")) {
                replies.append("VERSION 1.6.18\r\n");
            } else {
                assertThat(line).isEqualTo("mg key v");
                replies.append("VA 5\r\nvalue\r\n");
                read++;
            }
        }
        return replies.toString();
    }

    /** As a balancer sees it: first the probe fails, and only later do connections. */
    @Test
    void servesOnForTheDrainDelayWithoutBeingReady() throws IOException {
        Path configuration = directory.resolve("memroute.lua");
        Path socket = directory.resolve("admin.sock");
        SocketAddress admin = UnixDomainSocketAddress.of(socket);
        try (MemcachedServer backend = MemcachedServer.start()) {
            Files.writeString(configuration, configuration(backend.port()));
            try (ChildProcess proxy = oneWorker(configuration, "--admin", socket.toString(), "--drain-delay", "600");
                    RawClient idle = Packaged.connect(proxy)) {
                Deadline.await(
                        "the proxy to be ready", () -> Packaged.ready(admin).startsWith("HTTP/1.1 200 "));
                proxy.signal("USR1");
                Deadline.await(
                        "the proxy to be unready", () -> Packaged.ready(admin).startsWith("HTTP/1.1 503 "));
                assertThat(Packaged.ready(admin)).contains("[-]staying failed: the proxy is ending\n");
                try (RawClient client = Packaged.connect(proxy)) {
                    client.send("set a 0 0 1\r\nx\r\nget a\r\n");
                    client.expect("STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
                }
                proxy.signal("TERM");
                assertThat(proxy.awaitExit()).isZero();
                idle.expectClosed();
                assertThat(proxy.output())
                        .contains("shutting down: no longer ready; still serving for 600 s (--drain-delay)")
                        .contains("second signal; closing at once");
            }
        }
    }

    @Test
    void closesItsListenersWhenTheDrainDelayIsOver() throws IOException {
        Path configuration = directory.resolve("memroute.lua");
        try (ScriptedBackend backend = ScriptedBackend.start()) {
            Files.writeString(configuration, configuration(backend.port()));
            try (ChildProcess proxy = oneWorker(configuration, "--drain-delay", "1");
                    RawClient idle = Packaged.connect(proxy);
                    RawClient client = Packaged.connect(proxy)) {
                ScriptedBackend.Connection connection = backend.accept();
                client.send("mg key v\r\n");
                connection.expect("mg key v\r\n");
                proxy.signal("TERM");
                idle.expectClosed();
                connection.send("VA 5\r\nvalue\r\n");
                client.expect("VA 5\r\nvalue\r\n");
                client.expectClosed();
                assertThat(proxy.awaitExit()).isZero();
                assertThat(proxy.output())
                        .contains("shutting down: listeners closed; requests in progress have 5 s to finish"
                                + " (--drain-timeout)");
            }
        }
    }

    @Test
    void endsAtTheSecondSignalWhateverIsUnderWay() throws IOException {
        Path configuration = directory.resolve("memroute.lua");
        try (ScriptedBackend backend = ScriptedBackend.start()) {
            Files.writeString(
                    configuration, "settings{ backend_read_timeout = 600 }\n" + configuration(backend.port()));
            try (ChildProcess proxy = oneWorker(configuration, "--drain-timeout", "600");
                    RawClient client = Packaged.connect(proxy)) {
                ScriptedBackend.Connection connection = backend.accept();
                int port = Packaged.port(proxy);
                client.send("mg key v\r\n");
                connection.expect("mg key v\r\n");
                proxy.signal("TERM");
                Deadline.await("the listener to close", () -> refuses(port));
                proxy.signal("TERM");
                assertThat(proxy.awaitExit()).isZero();
                client.expectClosed();
                assertThat(proxy.output()).doesNotContain("still open after");
            }
        }
    }

    private static boolean refuses(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return false;
        } catch (IOException refused) {
            return true;
        }
    }

    @Test
    void printsEveryErrorOfAConfigurationAndNoStackTrace() throws IOException {
        Path configuration = Files.writeString(directory.resolve("wrong.lua"), """
                pools{
                  main = { backends = 7 },
                }
                settings{ no_such_setting = 1 }
                routes{ default = route_direct{ child = "mian" } }
                """);
        try (ChildProcess program = Packaged.start("run", configuration.toString(), "-p", "-1")) {
            assertThat(program.awaitExit()).isEqualTo(1);
            assertThat(program.output().lines())
                    .filteredOn(line -> !line.startsWith(" "))
                    .hasSize(3)
                    .allMatch(line -> line.matches(configuration + ":[0-9]+:[0-9]+: .+"));
        }
    }

    @Test
    void namesAConfigurationFileThatIsNotThere() {
        try (ChildProcess program = Packaged.start("run", "/no/such/file.lua", "-p", "-1")) {
            assertThat(program.awaitExit()).isEqualTo(1);
            assertThat(program.output()).contains("/no/such/file.lua").hasLineCount(1);
        }
    }

    /** It is all that is said, though the server of the configuration is down. */
    @Test
    void namesAPortThatIsTaken() throws IOException {
        Path configuration = Files.writeString(directory.resolve("memroute.lua"), configuration(1));
        try (MemcachedServer taken = MemcachedServer.start();
                ChildProcess program = Packaged.start(
                        "run", configuration.toString(), "-p", Integer.toString(taken.port()), "-l", "127.0.0.1")) {
            assertThat(program.awaitExit()).isEqualTo(71);
            assertThat(program.output())
                    .startsWith("memroute: cannot listen on 127.0.0.1:" + taken.port() + ": ")
                    .hasLineCount(1);
        }
    }

    @Test
    void serversInTheBackgroundFailIfTheirPidFileCannotBeWritten() {
        Path socket = directory.resolve("memroute.sock");
        try (ChildProcess command = Packaged.start("-d", "-s", socket.toString(), "-P", "/no/dir/pid")) {
            assertThat(command.awaitExit()).isNotZero();
            assertThat(command.output()).contains("/no/dir/pid");
        }
    }

    @Test
    void serversInTheBackgroundAreReadyWhenTheCommandReturns() throws IOException {
        Path socket = directory.resolve("memroute.sock");
        Path pidFile = directory.resolve("pid");
        try (ChildProcess command =
                Packaged.start("-d", "-s", socket.toString(), "-P", pidFile.toString(), "-a", "600")) {
            assertThat(command.awaitExit()).isZero();
        }
        ProcessHandle server = ProcessHandle.of(
                        Long.parseLong(Files.readString(pidFile).strip()))
                .orElseThrow();
        try (RawClient client = RawClient.connect(socket)) {
            client.send("mn\r\n");
            client.expect("MN\r\n");
            assertThat(Files.getPosixFilePermissions(socket)).hasSize(2);
            server.destroy();
            client.expectClosed();
            Deadline.await("the end of the server", () -> !Files.exists(pidFile) && !Files.exists(socket));
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void aFailedStartInTheBackgroundIsReportedByTheCommand() {
        try (ChildProcess command =
                Packaged.start("-d", "-p", "-1", "-o", "proxy_config=routelib,proxy_arg=/no/such/file.lua")) {
            assertThat(command.awaitExit()).isEqualTo(1);
            assertThat(command.output()).contains("/no/such/file.lua");
        }
    }

    @Test
    void clientsStopItIfThatIsAllowed() {
        try (ChildProcess server = Packaged.start("-A", "-p", "-1", "-l", "127.0.0.1");
                RawClient client = Packaged.connect(server)) {
            client.send("shutdown\r\n");
            client.expectClosed();
            assertThat(server.awaitExit()).isZero();
        }
    }

    @Test
    void refusesToForgetIfThatIsForbidden() {
        try (ChildProcess server = Packaged.start("-F", "-p", "-1", "-l", "127.0.0.1");
                RawClient client = Packaged.connect(server)) {
            client.send("set a 0 0 1\r\n1\r\nflush_all\r\nget a\r\n");
            client.expect("STORED\r\nCLIENT_ERROR flush_all not allowed\r\nVALUE a 0 1\r\n1\r\nEND\r\n");
        }
    }

    @Test
    void becomesTheUserItIsTold() throws IOException {
        assumeTrue(runByRoot(), "only root can become another user");
        try (ChildProcess server = Packaged.start("-u", "nobody", "-p", "-1", "-l", "127.0.0.1");
                RawClient client = Packaged.connect(server)) {
            client.send("set a 0 0 1\r\n1\r\n");
            client.expect("STORED\r\n");
            assertThat(Files.getOwner(Path.of("/proc/" + server.pid() + "/task"))
                            .getName())
                    .isEqualTo("nobody");
            server.signal("TERM");
            assertThat(server.awaitExit()).isZero();
        }
    }

    @Test
    void refusesToBecomeAUserThatDoesNotExist() throws IOException {
        assumeTrue(runByRoot(), "others than root stay who they are");
        try (ChildProcess program = Packaged.start("-u", "no-such-user", "-p", "-1")) {
            assertThat(program.awaitExit()).isEqualTo(67);
            assertThat(program.output()).isEqualTo("can't find the user no-such-user to switch to\n");
        }
    }

    @Test
    void warnsIfTheHeapCannotHoldTheStore() {
        List<String> command = Packaged.command("-m", "200", "-p", "-1", "-l", "127.0.0.1");
        command.add(1, "-Xmx230m");
        try (ChildProcess server = ChildProcess.start(command, Map.of())) {
            Packaged.port(server);
            assertThat(server.output()).contains("-m 200: the embedded store needs a larger Java heap");
        }
    }

    @Test
    void tellsHarnessesItsPortInAFile() throws IOException {
        Path file = directory.resolve("ports");
        try (ChildProcess server = ChildProcess.start(
                Packaged.command("-p", "-1", "-l", "127.0.0.1"), Map.of("MEMCACHED_PORT_FILENAME", file.toString()))) {
            Deadline.await("the port file", () -> Files.exists(file));
            assertThat(file).hasContent("TCP INET: " + Packaged.port(server));
        }
    }

    @Test
    void endsAtOnceWhenStoppedWhileItReadsAConfigurationThatNeverEnds() throws IOException {
        Path configuration =
                Files.writeString(directory.resolve("endless.lua"), "print('reading')\nwhile true do end\n");
        try (ChildProcess program = Packaged.start("run", configuration.toString(), "-p", "-1", "-l", "127.0.0.1")) {
            program.awaitOutput("reading");
            program.signal("TERM");
            assertThat(program.awaitExit()).isZero();
        }
    }

    @Test
    void handlesSignalsThatWereIgnoredWhenItStarted() {
        String command = String.join(" ", Packaged.command("-p", "-1", "-l", "127.0.0.1"));
        try (ChildProcess server =
                ChildProcess.start(List.of("sh", "-c", "trap '' HUP INT; exec " + command), Map.of())) {
            try (RawClient client = Packaged.connect(server)) {
                server.signal("HUP");
                client.send("mn\r\n");
                client.expect("MN\r\n");
            }
            server.signal("INT");
            assertThat(server.awaitExit()).isZero();
        }
    }

    @Test
    void runsLuaFiles() throws IOException {
        Path file = Files.writeString(directory.resolve("a.lua"), "print(#arg, arg[1], 7 // 2)\nos.exit(3)\n");
        try (ChildProcess program = Packaged.start("lua", file.toString(), "-x")) {
            assertThat(program.awaitExit()).isEqualTo(3);
            assertThat(program.output()).isEqualTo("1\t-x\t3\n");
        }
    }

    private boolean runByRoot() throws IOException {
        return Files.getOwner(directory).getName().equals("root");
    }

    private static String configuration(int port) {
        return """
                pools{ main = { backends = { "127.0.0.1:%d" } } }
                routes{ default = route_direct{ child = "main" } }
                """.formatted(port);
    }
}
