package io.memroute.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.netty.channel.ChannelOption;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** When a process has no descriptor left, accepting pauses, and goes on when there are some again. */
@EnabledIf("io.memroute.transport.Uring#isAvailable")
class DescriptorsTest {

    private static final int LIMIT = 120;

    /** An echo server, in a process of its own that ends with its input. */
    public static void main(String[] arguments) throws IOException {
        try (Connections connections = new Connections(Connections.Family.IPV4)
                .listen(() -> new Recorder(true), bootstrap -> bootstrap.option(ChannelOption.SO_BACKLOG, 1000))) {
            System.out.println(((InetSocketAddress) connections.server.localAddress()).getPort());
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void acceptingPausesWhileThereAreNone() throws Exception {
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -n " + LIMIT + " && exec \"$0\" \"$@\"",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DescriptorsTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<Socket> clients = new ArrayList<>();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            InetSocketAddress server =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(output.readLine()));
            clients.add(connect(server));
            // Loads the classes that the echo needs: without descriptors the JVM finds none in directories.
            assertThat(echoes(clients.getFirst())).isTrue();
            for (int i = 0; i < 2 * LIMIT; i++) {
                clients.add(connect(server));
            }
            assertThat(echoes(clients.getFirst())).isTrue();
            Duration before = process.info().totalCpuDuration().orElseThrow();
            assertThat(process.waitFor(1, TimeUnit.SECONDS)).isFalse();
            assertThat(process.info().totalCpuDuration().orElseThrow().minus(before))
                    .isLessThan(Duration.ofMillis(500));
            for (Socket client : clients) {
                client.close();
            }
            Deadline.await("a new connection to be served", () -> {
                try (Socket client = connect(server)) {
                    return echoes(client);
                } catch (IOException e) {
                    return false;
                }
            });
        } finally {
            process.getOutputStream().close();
            process.waitFor(5, TimeUnit.SECONDS);
            process.destroyForcibly();
        }
    }

    private static Socket connect(InetSocketAddress server) throws IOException {
        Socket client = new Socket();
        client.connect(server);
        client.setSoTimeout((int) Deadline.USUAL.toMillis() / 4);
        return client;
    }

    private static boolean echoes(Socket client) throws IOException {
        client.getOutputStream().write(1);
        return client.getInputStream().read() == 1;
    }
}
