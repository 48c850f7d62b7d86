package io.memroute.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.app.ProgramUnderTest;
import io.memroute.app.command.Commands;
import io.memroute.app.options.PlainCommandLine;
import io.memroute.proxy.client.accept.GivenSocket;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are replaced while clients come and ask. */
@Timeout(300)
class HandOverTest {

    /** The id of a process that is never there: more than Linux gives. */
    private static final long NOBODY = 4_194_305;

    @TempDir
    private Path directory;

    private MemcachedServer memcached;
    private Path configuration;
    private Path pidFile;
    private Path unix;

    @BeforeEach
    void start() throws IOException {
        memcached = MemcachedServer.start();
        pidFile = directory.resolve("memroute.pid");
        unix = directory.resolve("memroute.sock");
        configuration = Files.writeString(directory.resolve("routes.lua"), """
                pools{ main = { backends = { "127.0.0.1:%d" } } }
                routes{ default = route_direct{ child = "main" } }
                """.formatted(memcached.port()));
        try (RawClient direct = RawClient.connect(memcached.port())) {
            direct.send("set key 0 0 5\r\nvalue\r\n");
            direct.expect("STORED\r\n");
        }
    }

    @AfterEach
    void stop() throws IOException {
        process().ifPresent(ProcessHandle::destroyForcibly);
        memcached.close();
    }

    private Optional<ProcessHandle> process() throws IOException {
        return Files.exists(pidFile)
                ? ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                : Optional.empty();
    }

    private ChildProcess serve(String transport, String... more) {
        return serve("127.0.0.1:0", transport, more);
    }

    private ChildProcess serve(String address, String transport, String[] more) {
        return ProgramUnderTest.start(words(address, transport, more));
    }

    private List<String> words(String address, String transport, String[] more) {
        List<String> words = new ArrayList<>(List.of(
                "run",
                configuration.toString(),
                "-l",
                address,
                "-s",
                unix.toString(),
                "--admin",
                directory.resolve("admin.sock").toString(),
                "-P",
                pidFile.toString(),
                "-t",
                "2",
                "--transport",
                transport));
        words.addAll(List.of(more));
        return words;
    }

    /** What {@code memroute upgrade} has printed, and the status that it ended with. */
    private record Upgrade(int status, String output) {}

    private Upgrade upgrade() {
        StringWriter output = new StringWriter();
        return outcome(beginUpgrade(output), output::toString);
    }

    /**
     * Runs the command on another thread: while it waits for the server, nothing can interrupt it.
     *
     * @param output where to it prints while it runs
     */
    private CompletableFuture<Upgrade> beginUpgrade(StringWriter output) {
        return CompletableFuture.supplyAsync(
                () -> {
                    PrintWriter printer = new PrintWriter(output, true);
                    int status = PlainCommandLine.of(new Commands())
                            .setOut(printer)
                            .setErr(printer)
                            .execute("upgrade", "--pid-file", pidFile.toString());
                    return new Upgrade(status, output.toString());
                },
                command -> Thread.ofPlatform().daemon().start(command));
    }

    private static Upgrade outcome(CompletableFuture<Upgrade> upgrade, Supplier<String> state) {
        assertThat(upgrade).as(state).succeedsWithin(Deadline.OF_WORK);
        return upgrade.join();
    }

    /** Connects, asks and closes, again and again. */
    private static CompletableFuture<Void> clients(
            Supplier<RawClient> connect, AtomicBoolean ended, AtomicInteger served) {
        return CompletableFuture.runAsync(
                () -> {
                    while (!ended.get()) {
                        try (RawClient client = connect.get()) {
                            client.send("get key\r\n");
                            client.expect("VALUE key 0 5\r\nvalue\r\nEND\r\n");
                        }
                        served.incrementAndGet();
                    }
                },
                command -> Thread.ofPlatform().daemon().start(command));
    }

    /** Stays connected, and asks without a pause. */
    private static CompletableFuture<Void> stayingClient(
            Supplier<RawClient> connect, AtomicBoolean ended, AtomicInteger served) {
        return CompletableFuture.runAsync(
                () -> {
                    try (RawClient client = connect.get()) {
                        while (!ended.get()) {
                            client.send("get key\r\n".repeat(3) + "mn\r\n");
                            client.expect("VALUE key 0 5\r\nvalue\r\nEND\r\n".repeat(3) + "MN\r\n");
                            served.incrementAndGet();
                        }
                    }
                },
                command -> Thread.ofPlatform().daemon().start(command));
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void noRequestIsLostWhileServersTakeEachOthersPlaces(String transport) throws Exception {
        try (ChildProcess first = serve(transport)) {
            first.awaitOutput("listening on");
            int port = ProgramUnderTest.port(first);
            Deadline.await("the pid file", () -> Files.exists(pidFile));
            AtomicBoolean ended = new AtomicBoolean();
            AtomicInteger served = new AtomicInteger();
            List<CompletableFuture<Void>> all = List.of(
                    clients(() -> RawClient.connect(port), ended, served),
                    clients(() -> RawClient.connect(unix), ended, served),
                    stayingClient(() -> RawClient.connect(port), ended, served),
                    stayingClient(() -> RawClient.connect(unix), ended, served));
            for (int i = 0; i < 2; i++) {
                long before = process().orElseThrow().pid();
                Upgrade upgrade = upgrade();
                assertThat(upgrade.status())
                        .as(() -> upgrade.output() + first.output())
                        .isZero();
                assertThat(upgrade.output()).contains("has taken over from process " + before);
                assertThat(pid()).isNotEqualTo(before);
                Deadline.await(
                        "the end of process " + before,
                        Deadline.OF_START,
                        () -> !ProcessHandle.of(before)
                                .map(ProcessHandle::isAlive)
                                .orElse(false));
                int soFar = served.get();
                Deadline.await(
                        "more clients",
                        () -> served.get() > soFar + 10 || all.stream().anyMatch(CompletableFuture::isDone));
            }
            ended.set(true);
            for (CompletableFuture<Void> each : all) {
                assertThat(each).as(first::output).succeedsWithin(Deadline.USUAL);
            }
            assertThat(directory.resolve("admin.sock")).exists();
            assertThat(unix).exists();
            process().orElseThrow().destroy();
            Deadline.await("the end", () -> !Files.exists(pidFile));
            Deadline.await("no socket", () -> !Files.exists(unix) && !Files.exists(directory.resolve("admin.sock")));
        }
    }

    /** The process in the file, which is there at every moment, and whole. */
    private long pid() throws IOException {
        return Long.parseLong(Files.readString(pidFile).strip());
    }

    /** Its successor has written its own there before it takes over. */
    @Test
    void thePidFileOfTheSuccessorStaysWhenTheServerLeaves() throws Exception {
        try (ChildProcess server = serve("epoll")) {
            server.awaitOutput("listening on");
            Deadline.await("the pid file", () -> Files.exists(pidFile));
            try (Predecessor successor = Predecessor.ask(server.pid())) {
                successor.pause();
                Files.writeString(pidFile, NOBODY + "\n");
                successor.leave();
                assertThat(server.awaitExit()).as(server::output).isZero();
                assertThat(pid()).isEqualTo(NOBODY);
                assertThat(unix).exists();
                assertThat(directory.resolve("admin.sock")).exists();
                successor.sockets().forEach(GivenSocket::close);
            }
        }
    }

    /** Its successor has another, or none. */
    @Test
    void thePidFileOfTheServerIsGoneAfterItIfItsSuccessorDoesNotUseIt() throws Exception {
        try (ChildProcess server = serve("epoll")) {
            server.awaitOutput("listening on");
            Deadline.await("the pid file", () -> Files.exists(pidFile));
            try (Predecessor successor = Predecessor.ask(server.pid())) {
                successor.pause();
                successor.leave();
                assertThat(server.awaitExit()).as(server::output).isZero();
                assertThat(pidFile).doesNotExist();
                successor.sockets().forEach(GivenSocket::close);
            }
        }
    }

    /** Clients of the one before still come to it, and would find nobody. */
    @Test
    void noServerTakesThePlaceOfOneToWhichClientsStillCome() throws Exception {
        try (ChildProcess first = serve("epoll", "--drain-timeout", "120")) {
            first.awaitOutput("listening on");
            int port = ProgramUnderTest.port(first);
            Deadline.await("the pid file", () -> Files.exists(pidFile));
            try (RawClient slow = RawClient.connect(port);
                    ChildProcess second = serve("epoll", "--take-over", Long.toString(first.pid()))) {
                slow.send("mn\r\nset big 0 0 20000\r\nthe value is on its way");
                slow.expect("MN\r\n");
                second.awaitOutput("took over from process " + first.pid());
                assertThatThrownBy(() -> Predecessor.ask(second.pid()))
                        .hasMessage("--take-over: process " + second.pid() + ": clients of process " + first.pid()
                                + " still come to it; try again when that process has ended");
                StringWriter output = new StringWriter();
                CompletableFuture<Upgrade> upgrade = beginUpgrade(output);
                Deadline.await(
                        "a line that it waits",
                        Deadline.USUAL,
                        () -> output.toString()
                                .contains("waits for the end of process " + first.pid() + ", whose clients come here"),
                        () -> output + second.output());
                slow.send("x".repeat(20_000 - "the value is on its way".length()) + "\r\n");
                slow.expect("STORED\r\n");
                assertThat(outcome(upgrade, () -> output + second.output()).status())
                        .as(() -> output + second.output())
                        .isZero();
                slow.send("get key\r\n");
                slow.expect("VALUE key 0 5\r\nvalue\r\nEND\r\n");
            }
        }
    }

    @Test
    void theServerGoesOnIfItsSuccessorCannotStart() throws Exception {
        try (ChildProcess server = serve("epoll")) {
            server.awaitOutput("listening on");
            int port = ProgramUnderTest.port(server);
            Deadline.await("the pid file", () -> Files.exists(pidFile));
            String good = Files.readString(configuration);
            Files.writeString(configuration, "routes{");

            Upgrade failed = upgrade();
            assertThat(failed.status()).as(failed.output()).isEqualTo(1);
            assertThat(failed.output())
                    .contains(" has ended with status 1; its log says why. Process " + server.pid() + " keeps serving");
            assertThat(server.output()).contains("does not take over from this one, which keeps serving");
            assertThat(pid()).isEqualTo(server.pid());
            try (RawClient client = RawClient.connect(port);
                    RawClient local = RawClient.connect(unix)) {
                client.send("mn\r\n");
                client.expect("MN\r\n");
                local.send("mn\r\n");
                local.expect("MN\r\n");
            }
            // A second attempt finds everything as it was.
            Files.writeString(configuration, good);
            Upgrade second = upgrade();
            assertThat(second.status()).as(second.output()).isZero();
        }
    }

    /** It has stopped accepting for a successor that says no more. */
    @Test
    void theServerAcceptsAgainIfItsSuccessorDiesAtTheLastMoment() throws Exception {
        try (ChildProcess server = serve("epoll")) {
            server.awaitOutput("listening on");
            int port = ProgramUnderTest.port(server);
            Deadline.await("the pid file", () -> Files.exists(pidFile));
            try (Predecessor successor = Predecessor.ask(server.pid())) {
                assertThat(successor.sockets()).hasSize(3);
                assertThatThrownBy(() -> Predecessor.ask(server.pid()))
                        .hasMessage(
                                "--take-over: process " + server.pid() + ": another process is already taking over");
                successor.pause();
                Files.writeString(pidFile, "1\n");
                try (RawClient waiting = RawClient.connect(port)) {
                    waiting.send("mn\r\n");
                    successor.close();
                    waiting.expect("MN\r\n");
                }
                Deadline.await("its pid file", () -> hasPidFileOf(server));
                successor.sockets().forEach(GivenSocket::close);
            }
        }
    }

    /** It tells the one that asked, and its log, that it goes on. */
    @Test
    void theServerGoesOnEvenIfItCannotWriteItsPidFileAgain() throws Exception {
        try (ChildProcess server = serve("epoll")) {
            server.awaitOutput("listening on");
            int port = ProgramUnderTest.port(server);
            Deadline.await("the pid file", () -> Files.exists(pidFile));
            try (Predecessor successor = Predecessor.ask(server.pid())) {
                successor.pause();
                Files.delete(pidFile);
                Files.createDirectory(pidFile);
                // Not the word that it waits for.
                assertThatThrownBy(successor::pause)
                        .hasMessage("--take-over: process " + server.pid() + ": it said \"ready\", expected serving");
                server.awaitOutput("cannot write a file about this process: cannot write the pid file " + pidFile);
                server.awaitOutput("does not take over from this one, which keeps serving");
                try (RawClient client = RawClient.connect(port)) {
                    client.send("mn\r\n");
                    client.expect("MN\r\n");
                }
                successor.sockets().forEach(GivenSocket::close);
            } finally {
                Files.deleteIfExists(pidFile);
            }
        }
    }

    private boolean hasPidFileOf(ChildProcess server) {
        try {
            return pid() == server.pid();
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:0", "0.0.0.0:0", "[::]:0"})
    void takesThePlaceOfAServerThatIsNamed(String address) throws Exception {
        try (ChildProcess first = serve(address, "epoll", new String[] {"--drain-timeout", "60"})) {
            first.awaitOutput("listening on");
            int port = ProgramUnderTest.port(first);
            Deadline.await("the pid file", () -> Files.exists(pidFile));
            try (RawClient idle = RawClient.connect(port);
                    RawClient inTheMiddle = RawClient.connect(port);
                    RawClient beforeTheValue = RawClient.connect(port);
                    ChildProcess second =
                            serve(address, "io_uring", new String[] {"--take-over", Long.toString(first.pid())})) {
                inTheMiddle.send("mn\r\nset other 0 0 5\r\nhal");
                inTheMiddle.expect("MN\r\n");
                beforeTheValue.send("mn\r\nset big 0 0 20000\r\n");
                beforeTheValue.expect("MN\r\n");
                second.awaitOutput("took over from process " + first.pid());
                // The old one serves a request to its end, and gives the client away then.
                inTheMiddle.send("f!\r\nget other\r\n");
                inTheMiddle.expect("STORED\r\nVALUE other 0 5\r\nhalf!\r\nEND\r\n");
                beforeTheValue.send("delete key\r\n".repeat(20_000 / 12) + "12345678\r\n");
                beforeTheValue.expect("STORED\r\n");
                assertThat(first.awaitExit()).isZero();
                for (RawClient client : List.of(idle, inTheMiddle, beforeTheValue)) {
                    client.send("get key\r\n");
                    client.expect("VALUE key 0 5\r\nvalue\r\nEND\r\n");
                }
                try (RawClient client = RawClient.connect(port)) {
                    client.send("get key\r\n");
                    client.expect("VALUE key 0 5\r\nvalue\r\nEND\r\n");
                }
            }
        }
    }

    /** Its absence must not end the process that alone serves. */
    @Test
    void aMissingFileOfASocketEndsNoUpgrade() throws Exception {
        try (ChildProcess server = serve("epoll")) {
            server.awaitOutput("listening on");
            int port = ProgramUnderTest.port(server);
            Deadline.await("the pid file", () -> Files.exists(pidFile));
            Files.delete(unix);
            try (RawClient client = RawClient.connect(port)) {
                Upgrade upgrade = upgrade();
                assertThat(upgrade.status())
                        .as(() -> upgrade.output() + server.output())
                        .isZero();
                assertThat(server.awaitEnd(Deadline.OF_START)).isZero();
                client.send("mn\r\n");
                client.expect("MN\r\n");
                assertThat(pid()).isNotEqualTo(server.pid());
            }
        }
    }

    @Test
    void saysThatNobodyIsThereToReplace() {
        try (ChildProcess server = serve(
                "epoll", "--take-over", Long.toString(ProcessHandle.current().pid()))) {
            assertThat(server.awaitExit()).isEqualTo(71);
            assertThat(server.output())
                    .contains("--take-over: process " + ProcessHandle.current().pid()
                            + " does not answer: connect: Connection refused");
        }
    }
}
