package io.memroute.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import io.memroute.app.explain.AdminCommands;
import io.memroute.app.options.AdminAddress;
import io.memroute.app.options.ExitStatus;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.client.accept.GivenSocket;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Questions to a proxy that runs in this JVM, over its admin listener. */
class AdminListenerTest {

    private static final String CONFIG = """
            pools{ main = { backends = { "127.0.0.1:1" } }, spare = { backends = { "127.0.0.1:2" } } }
            routes{ default = route_failover{ children = { "main", "spare" } } }
            """;

    @TempDir
    private Path directory;

    private Path file;
    private ProxyServer server;
    private AdminListener listener;
    private final List<AdminListener> more = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        file = Files.writeString(directory.resolve("routes.lua"), CONFIG);
        server = ProxyServer.start(
                options().configuration(ConfigSource.ofFile(file.toString())).build());
        listener = AdminListener.start(UnixDomainSocketAddress.of(socket()), this::pages);
    }

    @AfterEach
    void stop() {
        listener.close();
        more.forEach(AdminListener::close);
        server.close();
    }

    private AdminPages pages() {
        return AdminPages.of(new AdminCommands(server).pages());
    }

    private static ServerOptions.Builder options() {
        return ServerOptions.builder().workers(1).listener(ListenerSpec.tcp("127.0.0.1", 0));
    }

    private Path socket() {
        return directory.resolve("admin.sock");
    }

    /** On a port of 127.0.0.1; closed at the end of the test. */
    private AdminListener tcp() {
        try {
            AdminListener started = AdminListener.start(AdminAddress.parse("0"), this::pages);
            more.add(started);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AdminReply ask(String... words) throws Exception {
        return AdminClient.ask(AdminTarget.plain(listener.address()), List.of(words));
    }

    @Test
    void explainsACommandUnderTheConfigurationInForce() throws Exception {
        AdminReply reply = ask("why", "get user:42", "--down", "127.0.0.1:1");
        assertThat(reply.status()).isZero();
        assertThat(reply.answer()).isTrue();
        assertThat(reply.text()).contains("the others up, key in all", "127.0.0.1:1 down, 127.0.0.1:2 hit");
    }

    @Test
    void leavesAFileThatIsNoSocketAsItIs() throws Exception {
        Path other = Files.writeString(directory.resolve("x.lua"), "-- mine\n");
        assertThatThrownBy(() -> AdminListener.start(UnixDomainSocketAddress.of(other), this::pages))
                .isInstanceOf(IOException.class);
        assertThat(other).hasContent("-- mine\n");
    }

    @Test
    void takesNoSocketFromAListenerThatAnswers() throws Exception {
        assertThatThrownBy(() -> AdminListener.start(UnixDomainSocketAddress.of(socket()), this::pages))
                .isInstanceOf(IOException.class);
        assertThat(ask("show").status()).isZero();
    }

    @Test
    void showsWhatIsInForceWhileTheFilesSaySomethingElse() throws Exception {
        Files.writeString(file, CONFIG.replace("spare", "other"));
        assertThat(ask("show").text()).contains("spare").doesNotContain("other");
        assertThat(ask("show", "--json").text()).startsWith("{").contains("\"spare\"");
    }

    @Test
    void comparesWhatIsInForceWithWhatAReloadWouldRead() throws Exception {
        Files.writeString(file, CONFIG.replace("\"127.0.0.1:2\"", "\"127.0.0.1:2\", \"127.0.0.1:3\""));
        AdminReply reply = ask("plan", "--keys", "1000");
        assertThat(reply.status()).isZero();
        assertThat(reply.text()).contains("127.0.0.1:3");
    }

    @Test
    void checksTheFilesThatAReloadWouldRead() throws Exception {
        Files.writeString(file, CONFIG.replace("\"spare\" }", "\"spar\" }"));
        AdminReply reply = ask("check");
        assertThat(reply.status()).isEqualTo(ExitStatus.FAILURE);
        assertThat(reply.text())
                .contains("routes.lua:2:56: route_failover: no pool named \"spar\" (did you mean \"spare\"?)");
    }

    @Test
    void readsNoFilesThatSomebodyNames() throws Exception {
        assertThat(ask("show", "/etc/passwd"))
                .isEqualTo(new AdminReply(
                        ExitStatus.USAGE, false, "memroute show: asks the running proxy here and takes no file\n"));
        assertThat(ask("check", "--proxy-config", "routelib:/etc/passwd").status())
                .isEqualTo(ExitStatus.USAGE);
        assertThat(ask("plan", "--sample", "/etc/passwd").text())
                .isEqualTo("memroute plan: a running proxy generates the keys, at most 2000000\n");
    }

    @Test
    void takesNoWordForAFileOfMoreWords() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "get --no-such-option root:x:0:0");
        for (String command : List.of("show", "why", "plan", "check")) {
            for (String word :
                    List.of("@" + secret, "--json @" + secret, "--sample @" + secret, "--running " + secret)) {
                assertThat(ask(command, word).text())
                        .as(command + " " + word)
                        .doesNotContain("root:x", "no-such-option");
            }
        }
        assertThat(ask("why", "get @" + secret).text()).startsWith("get @" + secret + "\n");
        assertThat(ask("why", "get ${env:PATH} ${sys:java.home}").text())
                .startsWith("get ${env:PATH} ${sys:java.home}\n");
        assertThat(ask("show", "--running", socket().toString()).status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void isNotBlockedByPipesThatSomebodyNames() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        for (int i = 0; i < 20; i++) {
            assertThat(ask("show", "@" + pipe).status()).isEqualTo(ExitStatus.USAGE);
        }
        assertThat(ask("show").status()).isZero();
    }

    @Test
    void saysWhatItTakes() throws Exception {
        assertThat(ask("reload")).isEqualTo(new AdminReply(ExitStatus.FAILURE, false, """
                        there is no such page; there are:
                        /api/check
                        /api/plan
                        /api/show
                        /api/why
                        """));
        assertThat(ask("show", "--colour").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(ask("show", "a\nb"))
                .isEqualTo(new AdminReply(ExitStatus.USAGE, false, "expected words without control characters\n"));
        assertThat(ask("why").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(ask("why", "--help").text()).contains("Usage");
    }

    @Test
    void saysWhenThereIsNothingToExplain() throws Exception {
        Path program = Files.writeString(
                directory.resolve("program.lua"),
                "function mcp_config_pools() return {} end function mcp_config_routes() end");
        try (ProxyServer other = ProxyServer.start(options()
                .configuration(new ConfigSource(List.of(program.toString()), Optional.empty()))
                .build())) {
            assertThat(new AdminCommands(other).answer(List.of("show")).text())
                    .isEqualTo("memroute show: the proxy runs a Lua program of its own (" + program
                            + "), which can be checked, but not explained\n");
            assertThat(new AdminCommands(other).answer(List.of("check")).text())
                    .isEqualTo(program + ": good: 0 pools, 0 backends, 0 route trees\n");
        }
        try (ProxyServer other = ProxyServer.start(options().build())) {
            assertThat(new AdminCommands(other)
                            .answer(List.of("why", "get", "k"))
                            .text())
                    .isEqualTo(
                            "memroute why: the proxy runs without a configuration and answers from its own memory\n");
        }
    }

    @Test
    void takesARequestAsAPersonTypesIt() {
        try (RawClient client = RawClient.connect(listener.address())) {
            client.send("GET /api/why?arg=get&arg=user:42 HTTP/1.0\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(new String(client.readToEnd(), UTF_8)).startsWith("get user:42\n");
        }
    }

    @Test
    void answersAClientThatHasEndedItsInput() {
        for (SocketAddress address : List.of(listener.address(), tcp().address())) {
            try (RawClient client = RawClient.connect(address)) {
                client.send("GET /api/nothing HTTP/1.0\r\n\r\n");
                client.halfClose();
                assertThat(new String(client.readToEnd(), UTF_8)).startsWith("HTTP/1.1 404 Not Found\r\n");
            }
        }
    }

    @Test
    void isForTheOwnerOfTheSocketAloneAndLeavesNoFileBehind() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                .isEqualTo("rwx------");
        listener.close();
        assertThat(socket()).doesNotExist();
    }

    @Test
    void listensOnALoopbackPortToo() throws Exception {
        InetSocketAddress address = (InetSocketAddress) tcp().address();
        assertThat(address.getAddress().isLoopbackAddress()).isTrue();
        assertThat(AdminClient.ask(AdminTarget.plain(address), List.of("show")).status())
                .isZero();
    }

    @Test
    void warnsOfAnAddressThatOtherMachinesCanReach() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger("memroute.admin");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try (AdminListener open = AdminListener.start(AdminAddress.parse("0.0.0.0:0"), this::pages)) {
            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("--admin *:0: not a loopback address; anyone who can connect can read the"
                            + " configuration");
            assertThat(AdminClient.ask(AdminTarget.plain(open.address()), List.of("show"))
                            .status())
                    .isZero();
        } finally {
            log.detachAppender(lines);
        }
    }

    /** As after an upgrade. The channel of such a socket cannot tell its address, without which nothing was paused. */
    @Test
    void pausesIfASocketThatItWasGivenAcceptsNobody() throws Exception {
        assumeTrue(Epoll.isAvailable());
        // A connection with bytes to read: always ready for accepting, which always fails.
        Socket given = Socket.newSocketDomain();
        given.connect(new DomainSocketAddress(socket().toFile()));
        ByteBuffer request = ByteBuffer.allocateDirect(4).put("x\r\n\r".getBytes(UTF_8));
        assertThat(given.write(request, 0, request.capacity())).isPositive();
        given.shutdown(false, true);
        UnixDomainSocketAddress at = UnixDomainSocketAddress.of(directory.resolve("given.sock"));
        Logger log = (Logger) LoggerFactory.getLogger("memroute");
        Queue<ILoggingEvent> lines = new ConcurrentLinkedQueue<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {
                lines.add(line);
            }
        };
        appender.start();
        log.addAppender(appender);
        try (AdminListener adopted =
                AdminListener.adopt(at, new GivenSocket(at, given.intValue(), true), AdminGuard.NONE, this::pages)) {
            adopted.startAccepting();
            Deadline.await(
                    "a pause",
                    () -> lines.stream()
                            .anyMatch(line ->
                                    line.getFormattedMessage().startsWith("cannot accept clients on " + at + ": ")));
        } finally {
            log.detachAppender(appender);
        }
    }

    @Test
    void saysThatNobodyListens() {
        SocketAddress nobody = UnixDomainSocketAddress.of(directory.resolve("nobody.sock"));
        assertThatThrownBy(() -> AdminClient.ask(AdminTarget.plain(nobody), List.of("show")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void readsAddresses() {
        assertThat(AdminAddress.parse("8081")).isEqualTo(new InetSocketAddress("127.0.0.1", 8081));
        assertThat(AdminAddress.parse("127.0.0.2:8081")).isEqualTo(new InetSocketAddress("127.0.0.2", 8081));
        assertThat(AdminAddress.parse("[::1]:8081")).isEqualTo(new InetSocketAddress("::1", 8081));
        assertThat(AdminAddress.parse("./a.sock")).isEqualTo(UnixDomainSocketAddress.of("./a.sock"));
        for (String wrong : List.of("", "a.sock", "127.0.0.1", "99999", "host:")) {
            assertThatThrownBy(() -> AdminAddress.parse(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected PORT, HOST:PORT or the path of a UNIX socket with a slash, got \""
                            + wrong + "\"");
        }
    }
}
