package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A twemproxy (nutcracker) that runs with a file. */
public final class TwemproxyProcess implements AutoCloseable {

    private final ChildProcess process;

    private TwemproxyProcess(ChildProcess process) {
        this.process = process;
    }

    /** @param statsPort a port of which nobody else is told */
    public static TwemproxyProcess start(Path file, int statsPort) {
        Path program = ChildProcess.require("nutcracker", "nutcracker");
        return new TwemproxyProcess(ChildProcess.start(
                List.of(
                        program.toString(),
                        "-c",
                        file.toString(),
                        "-a",
                        "127.0.0.1",
                        "-s",
                        Integer.toString(statsPort)),
                Map.of()));
    }

    public void awaitListener(int port) {
        Deadline.await("twemproxy listens on " + port, Deadline.OF_START, () -> {
            assertThat(process.isAlive()).as(process::output).isTrue();
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Override
    public void close() {
        process.close();
    }
}
