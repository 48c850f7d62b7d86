package io.memroute.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A real memcached process on a loopback address, on a port that it chooses itself, or on a UNIX socket. Started means
 * that it has answered. It can be killed, frozen and restarted on the same port.
 */
public final class MemcachedServer implements AutoCloseable {

    /** memcached writes the ports that it listens on to the file that this variable of its environment names. */
    private static final String PORT_FILE_VARIABLE = "MEMCACHED_PORT_FILENAME";

    /** The text before the TCP port in that file. */
    private static final String TCP_PORT = "TCP INET: ";

    /** The port with which memcached listens on one that the kernel picks; 0 would mean no TCP at all. */
    private static final int ANY_PORT = -1;

    private final Options options;
    private ChildProcess process;
    private int port;

    private MemcachedServer(Options options) {
        this.options = options;
        this.process = launch(options.port);
    }

    /** Starts memcached with one thread and 64 MB. */
    public static MemcachedServer start() {
        return start(options());
    }

    public static MemcachedServer start(Options options) {
        return new MemcachedServer(options);
    }

    public static Options options() {
        return new Options();
    }

    /** The TCP port, the same for this server's whole life. */
    public int port() {
        if (options.socket != null) {
            throw new IllegalStateException("this memcached listens on " + options.socket + " only");
        }
        return port;
    }

    public SocketAddress address() {
        return options.socket == null
                ? new InetSocketAddress(options.host, port)
                : UnixDomainSocketAddress.of(options.socket);
    }

    public RawClient connect() {
        return RawClient.connect(address());
    }

    public long pid() {
        return process.pid();
    }

    /** The output of memcached; with {@link Options#veryVerbose()} every command and reply. */
    public String output() {
        return process.output();
    }

    /** Ends the process at once, as a crash would: its connections are reset. Does nothing to one that has ended. */
    public void kill() {
        process.kill();
    }

    /** Stops the process where it is (SIGSTOP): connections stay open and nothing is answered. */
    public void freeze() {
        process.signal("STOP");
    }

    /** Lets a frozen process go on. */
    public void thaw() {
        process.signal("CONT");
    }

    /** Starts an empty memcached on the same port, ending the process first if it still runs. */
    public void restart() {
        process.kill();
        process = launch(port);
    }

    @Override
    public void close() {
        process.close();
    }

    private ChildProcess launch(int wantedPort) {
        Deadline deadline = Deadline.in(Deadline.USUAL);
        ChildProcess started = launchOnce(wantedPort);
        while (!started.isAlive()) {
            // While the server was down the kernel may have lent its port to some outgoing connection for a moment.
            if (deadline.passed() || !started.output().contains("failed to listen")) {
                throw new AssertionError("memcached does not start: " + started + ": " + started.output());
            }
            started = launchOnce(wantedPort);
        }
        if (options.certificate != null) {
            shakeHands(options.certificate);
            return started;
        }
        try (RawClient client = connect()) {
            client.send("version\r\n");
            client.readLine();
        }
        return started;
    }

    private void shakeHands(TestCertificate certificate) {
        try (SSLSocket socket =
                (SSLSocket) certificate.clientContext().getSocketFactory().createSocket(options.host, port)) {
            socket.startHandshake();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a memcached and waits until it listens or has ended. */
    private ChildProcess launchOnce(int wantedPort) {
        Path portFile = null;
        try {
            portFile = Files.createTempDirectory("memcached-").resolve("ports");
            Path file = portFile;
            ChildProcess started =
                    ChildProcess.start(options.command(wantedPort), Map.of(PORT_FILE_VARIABLE, file.toString()));
            Deadline.await(
                    "memcached to listen", Deadline.USUAL, () -> !started.isAlive() || listens(file), started::output);
            if (!started.isAlive()) {
                started.awaitExit();
            }
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deleteWithDirectory(portFile);
        }
    }

    private boolean listens(Path portFile) {
        if (options.socket != null) {
            return accepts(address());
        }
        try {
            // Written under another name and renamed, so a file that is there is complete.
            List<String> lines = Files.exists(portFile) ? Files.readAllLines(portFile) : List.of();
            Optional<String> tcp =
                    lines.stream().filter(line -> line.startsWith(TCP_PORT)).findFirst();
            tcp.ifPresent(line -> port = Integer.parseInt(line.substring(TCP_PORT.length())));
            return tcp.isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A socket's file may be there before memcached listens on it, or be left by an earlier process. */
    private static boolean accepts(SocketAddress address) {
        try (SocketChannel channel = SocketChannel.open(address)) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void deleteWithDirectory(@Nullable Path portFile) {
        if (portFile != null) {
            try {
                Files.deleteIfExists(portFile);
                Files.deleteIfExists(portFile.getParent());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Options to start memcached with; each call changes and returns this object. */
    public static final class Options {

        private @Nullable Path program;
        private @Nullable Path socket;
        private String host = "127.0.0.1";
        private int port = ANY_PORT;
        private final List<String> arguments = new ArrayList<>();
        private @Nullable TestCertificate certificate;
        private int memoryMegabytes = 64;
        private int threads = 1;
        private int connections = 4096;

        private Options() {}

        /** Another memcached than the one that is installed. */
        public Options program(Path memcached) {
            this.program = memcached;
            return this;
        }

        /** Listen on this UNIX socket and not on TCP. */
        public Options unixSocket(Path path) {
            this.socket = path;
            return this;
        }

        /** Listen on this loopback address; 127.0.0.1 unless set. */
        public Options host(String address) {
            this.host = address;
            return this;
        }

        /** Listen on this port, which nobody must have. */
        public Options port(int number) {
            this.port = number;
            return this;
        }

        /** Speak TLS, and nothing else, with this certificate. */
        public Options tls(TestCertificate shown) {
            certificate = shown;
            return arguments("-Z", "-o", "ssl_chain_cert=" + shown.certificateFile() + ",ssl_key=" + shown.keyFile());
        }

        /** {@code -m}; 64 unless set. */
        public Options memoryMegabytes(int megabytes) {
            this.memoryMegabytes = megabytes;
            return this;
        }

        /** {@code -t}; 1 unless set. */
        public Options threads(int count) {
            this.threads = count;
            return this;
        }

        /** {@code -c}; 4096 unless set. */
        public Options connections(int most) {
            this.connections = most;
            return this;
        }

        /** {@code -I}: the largest item, for example {@code "8m"}. */
        public Options maxItemSize(String size) {
            return arguments("-I", size);
        }

        /** {@code -vv}: every command and reply is printed. */
        public Options veryVerbose() {
            return arguments("-vv");
        }

        /** Anything else for the command line. */
        public Options arguments(String... more) {
            arguments.addAll(Arrays.asList(more));
            return this;
        }

        private List<String> command(int wantedPort) {
            Path memcached = program == null ? ChildProcess.require("memcached", "memcached") : program;
            List<String> command = new ArrayList<>(List.of(
                    memcached.toString(),
                    "-U",
                    "0",
                    "-m",
                    "" + memoryMegabytes,
                    "-t",
                    "" + threads,
                    "-c",
                    "" + connections));
            if (socket == null) {
                command.addAll(List.of("-l", host, "-p", "" + wantedPort));
            } else {
                command.addAll(List.of("-s", socket.toString()));
            }
            String user = System.getProperty("user.name");
            if (user.equals("root")) {
                // Without a user named, memcached refuses to run as root.
                command.addAll(List.of("-u", user));
            }
            command.addAll(arguments);
            return command;
        }
    }
}
