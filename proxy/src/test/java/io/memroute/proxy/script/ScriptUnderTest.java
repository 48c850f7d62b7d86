package io.memroute.proxy.script;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ReloadOutcome;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import io.memroute.testkit.TemporaryFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * A proxy in this JVM that runs a Lua program, on a port of 127.0.0.1 that the system chose, with one worker unless
 * told otherwise.
 */
public final class ScriptUnderTest implements AutoCloseable {

    /** Played servers are to see what they are asked, however slow the machine. */
    private static final Duration NO_MARKS = Duration.ofDays(1);

    private final ProxyServer server;
    private final TemporaryFile file;

    private ScriptUnderTest(ProxyServer server, TemporaryFile file) {
        this.server = server;
        this.file = file;
    }

    public static ScriptUnderTest start(String lua) throws ConfigException {
        return start(lua, options -> options);
    }

    public static ScriptUnderTest start(String lua, UnaryOperator<ServerOptions.Builder> change)
            throws ConfigException {
        TemporaryFile file = TemporaryFile.of(".lua", lua);
        try {
            ServerOptions.Builder options = ServerOptions.builder()
                    .workers(1)
                    .markInterval(NO_MARKS)
                    .listener(ListenerSpec.tcp("127.0.0.1", 0))
                    .configuration(new ConfigSource(List.of(file.toString()), Optional.empty()));
            return new ScriptUnderTest(ProxyServer.start(change.apply(options).build()), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A program with pools {@code p1}, {@code p2} ... of one backend each, and what is to be in
     * {@code mcp_config_routes(p)}.
     */
    public static String withPools(String routes, ScriptedBackend... backends) {
        StringBuilder lua = new StringBuilder("function mcp_config_pools() return {\n");
        for (int i = 0; i < backends.length; i++) {
            lua.append("  p")
                    .append(i + 1)
                    .append(" = mcp.pool{ mcp.backend('b")
                    .append(i + 1)
                    .append("', '127.0.0.1', ")
                    .append(backends[i].port())
                    .append(") },\n");
        }
        return lua + "} end\nfunction mcp_config_routes(p)\n" + routes + "\nend\n";
    }

    /**
     * A program in which one function serves all storage commands. It has a handle for each pool, from 0; {@code body}
     * is that of the function {@code (r)} and sees {@code rctx}.
     */
    public static String withFunction(String body, ScriptedBackend... backends) {
        StringBuilder routes = new StringBuilder("local f = mcp.funcgen_new()\n");
        for (int i = 1; i <= backends.length; i++) {
            routes.append("f:new_handle(p.p").append(i).append(")\n");
        }
        return withPools(
                routes + "f:ready{ n = 'test', f = function(rctx) return function(r)\n" + body
                        + "\nend end }\nmcp.attach(mcp.CMD_ANY_STORAGE, f)",
                backends);
    }

    public int port() {
        return ((InetSocketAddress) server.addresses().getFirst()).getPort();
    }

    public ProxyServer server() {
        return server;
    }

    public RawClient connect() {
        return RawClient.connect(port());
    }

    /** Sends a request on a connection of its own and compares what is answered. */
    public void expect(String request, String reply) {
        try (RawClient client = connect()) {
            client.send(request);
            client.expect(reply);
        }
    }

    /** What {@code stats proxy} says. */
    String proxyStats() {
        try (RawClient client = connect()) {
            client.send("stats proxy\r\n");
            return client.readUntil("END\r\n");
        }
    }

    /** Runs a statement over the request of a client, and compares what the server gets; it answers with a miss. */
    public static void expectSent(String statement, String request, String sent) throws ConfigException {
        try (ScriptedBackend server = ScriptedBackend.start();
                ScriptUnderTest proxy = start(withFunction(statement + " return rctx:enqueue_and_wait(r, 0)", server));
                ScriptedBackend.Connection backend = server.accept();
                RawClient client = proxy.connect()) {
            client.send(request + "\r\n");
            backend.expect(sent + "\r\n");
            String miss = missOf(sent);
            backend.send(miss);
            client.expect(miss);
        }
    }

    /** What memcached answers to that request if it does not have the key. */
    public static String missOf(String request) {
        return switch (request.substring(0, request.indexOf(' '))) {
            case "get", "gets", "gat", "gats" -> "END\r\n";
            case "mg" -> "EN\r\n";
            case "md" -> "NF\r\n";
            default -> "NOT_FOUND\r\n";
        };
    }

    public ReloadOutcome reload(String lua) {
        file.rewrite(lua);
        try {
            return server.reload().get(Deadline.USUAL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the reload did not end", e);
        }
    }

    public Path file() {
        return file.path();
    }

    @Override
    public void close() {
        server.close();
        file.close();
    }
}
