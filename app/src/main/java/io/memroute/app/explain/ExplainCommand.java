package io.memroute.app.explain;

import io.memroute.app.options.ExitStatus;
import io.memroute.proxy.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands about a configuration have in common: where they print, and how they end if the configuration has errors. */
abstract class ExplainCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "print this help")
    private boolean help;

    @Override
    public final Integer call() throws IOException {
        try {
            return run();
        } catch (ConfigException e) {
            // One line per error, as a compiler prints them.
            error(e.getMessage());
            return ExitStatus.FAILURE;
        } catch (IllegalArgumentException e) {
            error("memroute " + spec.name() + ": " + e.getMessage());
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

    /** Prints a text that ends its own last line. */
    final void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }

    final void error(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
