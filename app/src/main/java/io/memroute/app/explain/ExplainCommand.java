package io.memroute.app.explain;

import io.memroute.app.admin.AdminClient;
import io.memroute.app.admin.AdminReply;
import io.memroute.app.admin.AdminTarget;
import io.memroute.app.log.Terminal;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.terminal.Paint;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.script.load.ScriptLoader;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The common part of the commands about a configuration: output, exit status if the configuration has errors, and the
 * running proxy that most of them can ask to do the work.
 */
abstract class ExplainCommand implements Callable<Integer> {

    private static final String RUNNING = "--running";

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    /** The proxy that the question has come to, unless it was asked in a shell. */
    private @Nullable ProxyServer server;

    private final StringBuilder output = new StringBuilder();

    /** Returns the address of the running proxy that the command is about; empty if it is about files. */
    Optional<String> running() {
        return Optional.empty();
    }

    @Override
    public final Integer call() {
        AdminReply reply = running().map(this::ask).orElseGet(this::answer);
        if (reply.answer()) {
            Terminal.print(reply.text(), json ? Paint.NONE : paint());
        } else {
            Terminal.error(reply.text(), Colours.FINDINGS);
        }
        return reply.status();
    }

    /** Has the words be about a proxy in this process, whose admin listener has got them. */
    final void isAbout(ProxyServer asked) {
        server = asked;
    }

    final boolean isAboutServer() {
        return server != null;
    }

    /** The same words, without the address, to the proxy that runs there. */
    private AdminReply ask(String address) {
        // From the command's name on.
        List<String> words = new ArrayList<>();
        List<String> given = spec.commandLine().getParseResult().originalArgs();
        for (int i = 0; i < given.size(); i++) {
            if (given.get(i).equals(RUNNING)) {
                i++;
            } else if (!given.get(i).startsWith(RUNNING + "=")) {
                words.add(given.get(i));
            }
        }
        try {
            return AdminClient.ask(AdminTarget.of(address), words);
        } catch (IllegalArgumentException e) {
            return error(ExitStatus.USAGE, "memroute " + spec.name() + ": " + RUNNING + ": " + e.getMessage());
        } catch (IOException e) {
            return error(
                    ExitStatus.FAILURE,
                    "memroute " + spec.name() + ": " + RUNNING + " " + address + ": "
                            + SystemError.text(e)
                            + "; is a proxy running there with --admin " + address + "?");
        }
    }

    /** Does the command's work here. */
    final AdminReply answer() {
        try {
            int status = run();
            return new AdminReply(status, true, output.toString());
        } catch (ConfigException e) {
            return error(ExitStatus.FAILURE, e.quoted());
        } catch (IllegalArgumentException e) {
            return error(ExitStatus.USAGE, "memroute " + spec.name() + ": " + e.getMessage());
        } catch (NoSuchFileException e) {
            return error(ExitStatus.USAGE, "memroute " + spec.name() + ": no such file: " + e.getMessage());
        } catch (IOException e) {
            return error(ExitStatus.USAGE, "memroute " + spec.name() + ": cannot be read: " + e.getMessage());
        } finally {
            flushMessages();
        }
    }

    private static void flushMessages() {
        try {
            Subject.MESSAGES.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AdminReply error(int status, String line) {
        return new AdminReply(status, false, line + "\n");
    }

    /**
     * Does the command's work and returns the exit status.
     *
     * @throws IllegalArgumentException if what was asked makes no sense with this configuration
     */
    abstract int run() throws ConfigException, IOException;

    /** The colours of its answer, which is not JSON. */
    abstract Paint paint();

    /** Returns the subject of the command. */
    final Subject subject(ConfigurationFile files, Optional<String> file) {
        if (server != null) {
            if (file.isPresent() || files.isGiven()) {
                throw new IllegalArgumentException("asks the running proxy here and takes no file");
            }
            return new Subject.OfServer(server);
        }
        ConfigSource source = files.source(file);
        if (source.argument().isEmpty() && !ScriptLoader.isFor(source)) {
            throw new IllegalArgumentException("which configuration? expected FILE or " + RUNNING + " ADDRESS");
        }
        return new Subject.OfFiles(source, files.host(source));
    }

    final boolean json() {
        return json;
    }

    /** Adds to what is printed a text that ends its own last line. */
    final void print(String text) {
        output.append(text);
    }
}
