package io.memroute.app.demo;

import io.memroute.app.admin.AdminListener;
import io.memroute.app.log.LogConfiguration;
import io.memroute.app.log.Terminal;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.server.AdminSite;
import io.memroute.app.server.ServerSignals;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.MemrouteVersion;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.metrics.LoopWatch;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * {@code memroute demo}: three plain servers and a proxy before them, in one process, with a console and some load. The
 * configuration is {@code examples/demo.lua}, written to a temporary file so that it can be edited and reloaded.
 */
public final class Demo implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final long STORE_BYTES = 16L << 20;
    /** The port of the console that the documents name; another one if it is taken. */
    private static final int CONSOLE_PORT = 9151;

    private final List<ProxyServer> servers = new ArrayList<>();
    /** Actions that end everything started, in the order of the starts. */
    private final List<Runnable> ends = new ArrayList<>();

    private final DemoDirectory directory;
    private final Path configuration;
    private final int port;
    private final int consolePort;

    private Demo(int port, boolean withLoad) throws IOException, ConfigException {
        String text = example();
        directory = DemoDirectory.make();
        configuration = directory.path().resolve("demo.lua");
        try {
            for (int wanted : backendPorts(text)) {
                int given =
                        listen(ServerOptions.builder().workers(1).storeBytes(STORE_BYTES), free(wanted) ? wanted : 0);
                text = text.replace(HOST + ":" + wanted, HOST + ":" + given);
            }
            Files.writeString(configuration, text);
            this.port = listen(
                    ServerOptions.builder()
                            .workers(2)
                            .storeBytes(STORE_BYTES)
                            .configuration(ConfigSource.ofFile(configuration.toString())),
                    port);
            consolePort = startConsole();
            if (withLoad) {
                ends.add(DemoLoad.start(HOST, this.port)::close);
            }
        } catch (IOException | ConfigException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Runs until a signal ends it.
     *
     * @param port the proxy's TCP port on the loopback address; 0 for any free one
     * @param withLoad whether it sends itself requests
     * @param out where to say what can be tried
     * @return the exit status
     */
    public static int run(int port, boolean withLoad, PrintStream out) throws InterruptedException {
        ServerSignals signals = new ServerSignals();
        LogConfiguration.quiet();
        try (Demo demo = new Demo(port, withLoad)) {
            LogConfiguration.verbosity(0);
            signals.serve(demo.proxy());
            out.print(demo.invitation());
            out.flush();
            demo.proxy().awaitClose();
            return ExitStatus.OK;
        } catch (ConfigException e) {
            Terminal.error(e.getMessage() + "\n");
            return ExitStatus.FAILURE;
        } catch (IOException e) {
            Terminal.error("memroute: " + e.getMessage() + "; choose another port with --port\n");
            return ExitStatus.OS_ERROR;
        }
    }

    private int listen(ServerOptions.Builder options, int wantedPort) throws IOException, ConfigException {
        ProxyServer server = ProxyServer.start(
                options.listener(ListenerSpec.tcp(HOST, wantedPort)).build());
        servers.add(server);
        ends.add(server::close);
        return ((InetSocketAddress) server.addresses().getFirst()).getPort();
    }

    /** Returns its port. */
    private int startConsole() throws IOException {
        AdminSite site = AdminSite.open(proxy());
        ends.add(site::close);
        AdminListener listener =
                AdminListener.start(new InetSocketAddress(HOST, free(CONSOLE_PORT) ? CONSOLE_PORT : 0), site::pages);
        ends.add(listener::close);
        listener.every(LoopWatch.INTERVAL, proxy().loopWatch()::probe);
        return ((InetSocketAddress) listener.address()).getPort();
    }

    private ProxyServer proxy() {
        return servers.getLast();
    }

    private int backendPort(int index) {
        return ((InetSocketAddress) servers.get(index).addresses().getFirst()).getPort();
    }

    private String invitation() {
        return "console  http://%s:%d/%n%n".formatted(HOST, consolePort)
                + """
                memroute %s: a proxy on %s:%d in front of three embedded servers

                  pool "main"      %2$s:%d and %2$s:%d    every key has its place on one of the two
                  pool "sessions"  %2$s:%d                        keys that begin with session/
                  configuration    %s
                                   edit it, then reload it with: kill -HUP %d

                Try, in another terminal:
                  %s
                  %s
                  %s

                Ctrl-C ends it.
                """.formatted(
                                MemrouteVersion.TEXT,
                                HOST,
                                port,
                                backendPort(0),
                                backendPort(1),
                                backendPort(2),
                                configuration,
                                ProcessHandle.current().pid(),
                                command(port, "set greeting 0 0 5\\r\\nhello\\r\\nget greeting\\r\\n"),
                                command(port, "set session/42 0 60 5\\r\\nalice\\r\\nget session/42\\r\\n"),
                                command(backendPort(2), "get session/42\\r\\n"));
    }

    /** A command that sends some requests and prints the replies, with what this machine has. */
    private static String command(int port, String requests) {
        if (onPath("nc")) {
            return "printf '%squit\\r\\n' | nc %s %d".formatted(requests, HOST, port);
        }
        return "bash -c \"exec 3<>/dev/tcp/%s/%d; printf '%squit\\r\\n' >&3; cat <&3\"".formatted(HOST, port, requests);
    }

    private static boolean onPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && List.of(path.split(File.pathSeparator)).stream()
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** The ports that the example names, in its order. */
    private static List<Integer> backendPorts(String text) {
        return Pattern.compile(Pattern.quote(HOST + ":") + "([0-9]+)")
                .matcher(text)
                .results()
                .map(match -> Integer.valueOf(match.group(1)))
                .toList();
    }

    private static boolean free(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(HOST, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String example() {
        try (InputStream resource = Demo.class.getResourceAsStream("demo.lua")) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        ends.reversed().forEach(Runnable::run);
        directory.remove();
    }
}
