package io.memroute.app.top;

import static io.memroute.app.ProgramUnderTest.shellCommand;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.ProgramUnderTest;
import io.memroute.app.admin.AdminListener;
import io.memroute.app.options.AdminAddress;
import io.memroute.app.server.AdminSite;
import io.memroute.app.terminal.TerminalSession;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code memroute top} in a pseudo terminal, of a proxy that is there, is not, and is there again. */
class TopScreenTest {

    private static final String FULL_SCREEN = "\u001b[?1049h";
    private static final String OWN_SCREEN = "\u001b[?1049l";
    private static final String CURSOR = "\u001b[?25h";

    @TempDir
    private Path directory;

    private final MemcachedServer memcached = MemcachedServer.start();
    private ProxyServer proxy;
    private AdminSite site;
    private AdminListener listener;

    @BeforeEach
    void start() throws Exception {
        Path file = Files.writeString(directory.resolve("routes.lua"), """
                pools{ main = { backends = { "127.0.0.1:%d only" } } }
                routes{ default = route_direct{ child = "main" } }
                """.formatted(memcached.port()));
        proxy = ProxyServer.start(ServerOptions.builder()
                .workers(1)
                .listener(ListenerSpec.tcp("127.0.0.1", 0))
                .configuration(ConfigSource.ofFile(file.toString()))
                .build());
        site = AdminSite.open(proxy);
        listen();
    }

    private void listen() throws Exception {
        listener = AdminListener.start(AdminAddress.parse(socket()), site::pages);
    }

    private String socket() {
        return directory.resolve("admin.sock").toString();
    }

    @AfterEach
    void stop() {
        listener.close();
        site.close();
        proxy.close();
        memcached.close();
    }

    private static void isAsItWas(String output) {
        int end = output.lastIndexOf(OWN_SCREEN);
        assertThat(end).isGreaterThan(output.lastIndexOf(FULL_SCREEN));
        assertThat(output.substring(end)).contains(CURSOR).doesNotContain("-icanon", "-echo ", "-isig");
        assertThat(output.substring(end)).contains(" icanon", " echo ");
    }

    @Test
    void showsTablesSwitchesViewsAndLeavesTheTerminalAsItWas() throws Exception {
        try (TerminalSession terminal = TerminalSession.start(
                "stty rows 30 cols 120; " + shellCommand("top", socket()) + "; echo status $?; stty -a")) {
            int at = terminal.await(FULL_SCREEN, 0);
            at = terminal.await("POOL   UP  RATE", at);
            terminal.await("q quit ", at);
            terminal.press("6");
            at = terminal.await("WORKER", at);
            terminal.press("3");
            at = terminal.await("SERVER", at);
            terminal.press("q");
            terminal.await("status 0", at);
            terminal.awaitEnd();
            isAsItWas(terminal.output());
        }
    }

    @Test
    void saysThatTheConnectionIsLostAndGoesOnWhenItIsBack() throws Exception {
        try (TerminalSession terminal =
                TerminalSession.start("stty rows 30 cols 120; " + shellCommand("top", socket()))) {
            int at = terminal.await("POOL   UP  RATE", 0);
            listener.close();
            at = terminal.await("connection lost, trying again: ", at);
            listen();
            // The line is drawn anew, and empty.
            at = terminal.await("\u001b[H", at);
            String home = "\u001b[H";
            Deadline.await("a page without the line", () -> {
                String output = terminal.output();
                int last = output.lastIndexOf(home);
                int before = output.lastIndexOf(home, last - 1);
                return !output.substring(before, last).contains("connection lost")
                        && output.substring(before, last).contains("q quit");
            });
            terminal.press("q");
            assertThat(terminal.awaitEnd()).isZero();
        }
    }

    @Test
    void leavesTheTerminalAsItWasWhenASignalEndsIt() throws Exception {
        for (String signal : List.of("TERM", "INT", "HUP")) {
            // Under nohup a program is started with SIGHUP ignored, in the background of a script with SIGINT.
            try (TerminalSession terminal = TerminalSession.start("sh -c 'echo process $$ is top; "
                    + "exec env --default-signal=HUP,INT,TERM "
                    + shellCommand("top", socket()).replace("'", "\"") + "'; stty -a")) {
                int at = terminal.await(" is top", 0);
                String process = terminal.output().replaceAll("(?s).*process ([0-9]+) is top.*", "$1");
                terminal.await("POOL   UP  RATE", at);
                ChildProcess.start(List.of("sh", "-c", "kill -" + signal + " " + process), Map.of())
                        .awaitExit();
                terminal.awaitEnd();
                isAsItWas(terminal.output());
            }
        }
    }

    @Test
    void givesTheTerminalBackWhileItIsStopped() throws Exception {
        try (TerminalSession terminal = TerminalSession.start("PS1='ready$ ' bash --norc --noprofile -i")) {
            int at = terminal.await("ready$ ", 0);
            terminal.press("stty rows 30 cols 120; " + shellCommand("top", socket()) + "\n");
            at = terminal.await("POOL   UP  RATE", at);
            terminal.press("\u001a");
            at = terminal.await("Stopped", at);
            terminal.press("stty -a\n");
            at = terminal.await("extproc", at);
            isAsItWas(terminal.output());
            terminal.press("fg\n");
            at = terminal.await(FULL_SCREEN, at);
            at = terminal.await("POOL   UP  RATE", at);
            terminal.press("q");
            at = terminal.await(OWN_SCREEN, at);
            terminal.press("stty -a; exit\n");
            terminal.awaitEnd();
            isAsItWas(terminal.output());
        }
    }

    @Test
    void redrawsForAnotherSizeOfTheWindow() throws Exception {
        try (TerminalSession terminal = TerminalSession.start("stty rows 30 cols 120; (sleep 0; tty > '"
                + directory.resolve("tty") + "'); " + shellCommand("top", socket()))) {
            int at = terminal.await("  space pause", 0);
            String tty = Files.readString(directory.resolve("tty")).strip();
            ChildProcess.start(List.of("sh", "-c", "stty rows 12 cols 50 <" + tty), Map.of())
                    .awaitExit();
            at = terminal.await("\u001b[2J", at);
            terminal.await("q quit ", at);
            assertThat(terminal.output().substring(at)).doesNotContain("space pause");
            terminal.press("q");
            assertThat(terminal.awaitEnd()).isZero();
        }
    }

    @Test
    void printsOnceWhereThereIsNoTerminal() {
        ChildProcess plain = ProgramUnderTest.start(List.of("top", socket()));
        assertThat(plain.awaitExit(Deadline.OF_WORK)).isZero();
        assertThat(plain.output())
                .startsWith("memroute " + socket() + "   ")
                .contains("\nPOOL   UP  RATE")
                .doesNotContain("\u001b");
        ChildProcess json = ProgramUnderTest.start(List.of("top", socket(), "--json"));
        assertThat(json.awaitExit(Deadline.OF_WORK)).isZero();
        assertThat(json.output()).startsWith("{").contains("\"interval_seconds\" : ");
        ChildProcess nobody = ProgramUnderTest.start(
                List.of("top", directory.resolve("nobody").toString()));
        assertThat(nobody.awaitExit(Deadline.OF_WORK)).isEqualTo(1);
        assertThat(nobody.output()).contains("is a proxy running there with --admin ");
        ChildProcess nonsense = ProgramUnderTest.start(List.of("top", "nonsense"));
        assertThat(nonsense.awaitExit(Deadline.OF_WORK)).isEqualTo(64);
    }
}
