package io.memroute.app.explain;

import io.memroute.app.options.ExitStatus;
import io.memroute.lua.LuaHost;
import io.memroute.proxy.config.ConfigException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands about a configuration have in common: where they print, and how they end if the configuration has errors. */
abstract class ExplainCommand implements Callable<Integer> {

    /** What a configuration prints is not the answer: it goes where messages go. */
    static final LuaHost HOST = new LuaHost() {
        @Override
        public OutputStream stdout() {
            return System.err;
        }
    };

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "print this help")
    private boolean help;

    @Override
    public final Integer call() {
        try {
            return run();
        } catch (ConfigException e) {
            // One line per error, as a compiler prints them.
            error(e.getMessage());
            return ExitStatus.FAILURE;
        } catch (IllegalArgumentException e) {
            error("memroute " + spec.name() + ": " + e.getMessage());
            return ExitStatus.USAGE;
        } catch (NoSuchFileException e) {
            error("memroute " + spec.name() + ": no such file: " + e.getMessage());
            return ExitStatus.USAGE;
        } catch (IOException e) {
            error("memroute " + spec.name() + ": cannot be read: " + e.getMessage());
            return ExitStatus.USAGE;
        }
    }

    /**
     * Does the command's work and returns the exit status.
     *
     * @throws IllegalArgumentException if what was asked makes no sense with this configuration
     */
    abstract int run() throws ConfigException, IOException;

    final boolean json() {
        return json;
    }

    /** Prints a text that ends its own last line, as UTF-8 whatever the locale: keys and trees are. */
    static void print(String text) {
        System.out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }

    private static void error(String line) {
        System.err.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
        System.err.flush();
    }
}
