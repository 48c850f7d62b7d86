package io.memroute.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.memroute.app.ProgramUnderTest;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.options.PlainCommandLine;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.TestCertificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code memroute reload} with servers and other programs in processes of their own. */
class ReloadCommandTest {

    private static final String GOOD = """
            pools{ main = { backends = { "127.0.0.1:1" } } }
            routes{ default = route_direct{ child = "main" } }
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private Path configuration;

    @BeforeEach
    void write() throws IOException {
        configuration = Files.writeString(directory.resolve("routes.lua"), GOOD);
    }

    private int reload(Object... words) {
        return PlainCommandLine.of(new ReloadCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(List.of(words).stream().map(Object::toString).toArray(String[]::new));
    }

    private ChildProcess serve(String... more) {
        List<String> words = new ArrayList<>(List.of("run", configuration.toString(), "-p", "-1", "-l", "127.0.0.1"));
        words.addAll(List.of(more));
        return ProgramUnderTest.start(words);
    }

    @Test
    void tellsHowTheReloadWent() throws Exception {
        try (ChildProcess server = serve()) {
            server.awaitOutput("listening on");

            assertThat(reload(server.pid())).as(err::toString).isEqualTo(ExitStatus.OK);
            assertThat(out.toString())
                    .isEqualToIgnoringNewLines(
                            "process " + server.pid() + " has reloaded its configuration" + "nothing changes");

            Files.writeString(configuration, GOOD.replace("127.0.0.1:1", "127.0.0.1:2"));
            assertThat(reload(server.pid())).isEqualTo(ExitStatus.OK);
            assertThat(out.toString()).contains("pools\n", "127.0.0.1:1", "127.0.0.1:2", "keys");

            Files.writeString(configuration, GOOD.replace("\"main\"", "\"mian\""));
            assertThat(reload(server.pid())).isEqualTo(ExitStatus.FAILURE);
            assertThat(err.toString())
                    .contains(
                            "no pool named \"mian\" (did you mean \"main\"?)",
                            "memroute reload: process " + server.pid() + " keeps its previous configuration");

            Files.writeString(configuration, GOOD);
            assertThat(reload(server.pid())).isEqualTo(ExitStatus.OK);
            assertThat(server.isAlive()).isTrue();
        }
    }

    /** Not only what the server itself reads. */
    @Test
    void tellsOfFilesOfTheAdminListenerThatCannotBeRead() throws Exception {
        TestCertificate certificate = TestCertificate.make(directory, "admin", "IP:127.0.0.1");
        String good = Files.readString(certificate.certificateFile()) + Files.readString(certificate.keyFile());
        Path file = Files.writeString(directory.resolve("admin.pem"), good);
        try (ChildProcess server = serve("--admin", "127.0.0.1:0", "--admin-cert", file.toString())) {
            server.awaitOutput("admin listener on");
            Files.writeString(file, "nonsense\n");
            assertThat(reload(server.pid())).isEqualTo(ExitStatus.FAILURE);
            assertThat(err.toString()).contains("--admin: the certificates stay unchanged: ", file.toString());
            Files.writeString(file, good);
            assertThat(reload(server.pid())).as(err::toString).isEqualTo(ExitStatus.OK);
        }
    }

    @Test
    void findsTheProcessInThePidFileAndWaitsForItsStart() {
        Path pidFile = directory.resolve("memroute.pid");
        try (ChildProcess server = serve("-P", pidFile.toString())) {
            Deadline.await("the pid file", () -> Files.exists(pidFile));
            assertThat(reload("--pid-file", pidFile)).as(err::toString).isEqualTo(ExitStatus.OK);
            assertThat(server.isAlive()).isTrue();
        }
    }

    @Test
    void sendsNothingToOtherPrograms() {
        try (ChildProcess sleep = ChildProcess.start(List.of("sleep", "1000"), Map.of());
                ChildProcess lua = ProgramUnderTest.start(List.of("lua", "-e", "print('ready') while true do end"))) {
            lua.awaitOutput("ready");
            for (ChildProcess other : List.of(sleep, lua)) {
                assertThat(reload(other.pid())).isEqualTo(ExitStatus.FAILURE);
                assertThat(err.toString())
                        .contains("memroute reload: process " + other.pid() + " (")
                        .contains(" is not a memroute server; nothing was sent to it");
                assertThat(other.isAlive()).isTrue();
            }
            assertThat(err.toString()).contains("sleep 1000)");
        }
    }

    @Test
    void saysThatTheServerHasEnded() throws Exception {
        try (ChildProcess server = serve()) {
            server.awaitOutput("listening on");
            Files.delete(configuration);
            // Reading it waits for a writer, who never comes.
            assertThat(new ProcessBuilder("mkfifo", configuration.toString())
                            .start()
                            .waitFor())
                    .isZero();
            CompletableFuture<Integer> reload = CompletableFuture.supplyAsync(() -> reload(server.pid()));
            Deadline.await("the command", () -> obeys(server.pid()));
            server.kill();
            assertThat(reload.get()).isEqualTo(ExitStatus.FAILURE);
            assertThat(err.toString()).contains("process " + server.pid()).contains("has ended");
        }
    }

    /** Whether a process has a thread for a command. */
    private static boolean obeys(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.anyMatch(thread -> name(thread).startsWith("memroute-comman"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm"));
        } catch (IOException e) {
            // It has ended meanwhile.
            return "";
        }
    }

    @Test
    void obeysNobodyButItsUserAndRoot() throws Exception {
        try (ChildProcess server = serve()) {
            server.awaitOutput("listening on");
            ChildProcess stranger = ChildProcess.start(
                    List.of(ChildProcess.require("python3", "python3").toString(), "-c", """
                            import os, socket, sys
                            if os.getuid() == 0: os.setuid(65534)
                            else: sys.exit('needs root')
                            s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                            names = [l.split()[7] for l in open('/proc/net/unix') if l.rstrip().endswith('-%s')]
                            s.connect(chr(0) + names[0][1:])
                            try: s.send(b'reload')
                            except OSError: pass
                            print(s.recv(1000).decode())
                            """.formatted(server.pid())),
                    Map.of());
            assumeThat(stranger.awaitExit()).as(stranger::output).isZero();
            assertThat(stranger.output())
                    .startsWith("end 1 only root and the user that the server runs as may ask for this");
            assertThat(server.output()).doesNotContain("reloaded");
        }
    }

    @Test
    void showsNoControlCharactersOfErrors() throws IOException {
        try (ChildProcess server = serve()) {
            server.awaitOutput("listening on");
            Files.writeString(configuration, "error('\\27[2Jwiped')\n");
            assertThat(reload(server.pid())).isEqualTo(ExitStatus.FAILURE);
            assertThat(err.toString()).contains("\\x1b[2Jwiped").doesNotContain("\u001b");
        }
    }

    @Test
    void saysThatNoSuchProcessRuns() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();

        assertThat(reload(ended.pid())).isEqualTo(ExitStatus.FAILURE);

        assertThat(err.toString())
                .isEqualToIgnoringNewLines("memroute reload: no process " + ended.pid() + " is running");
    }

    @Test
    void saysWhatAPidFileShouldHold() throws Exception {
        Path file = Files.writeString(directory.resolve("empty.pid"), "\n");

        assertThat(reload("--pid-file", file)).isEqualTo(ExitStatus.FAILURE);
        assertThat(reload("--pid-file", directory.resolve("missing"))).isEqualTo(ExitStatus.FAILURE);

        assertThat(err.toString())
                .contains(file + ": expected a file with the process id of a server, as -P writes it");
    }

    @Test
    void asksWhichServer() {
        assertThat(reload()).isEqualTo(ExitStatus.USAGE);

        assertThat(err.toString()).startsWith("memroute reload: which server? expected PID or --pid-file FILE");
    }
}
