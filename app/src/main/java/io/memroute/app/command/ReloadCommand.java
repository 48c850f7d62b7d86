package io.memroute.app.command;

import io.memroute.app.explain.Colours;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.options.WholeNumber;
import io.memroute.app.process.ReloadBoard;
import io.memroute.app.process.ReloadBoard.Sight;
import io.memroute.app.process.ReloadBoard.State;
import io.memroute.app.process.ServerProcess;
import io.memroute.app.terminal.StandardStream;
import io.memroute.proxy.text.Shown;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code memroute reload}: has a running server read its configuration again, as {@code kill -HUP} does, and says how
 * it went. Signals nothing but a server: other programs end when they get SIGHUP.
 */
@Command(
        name = "reload",
        description = "Have a running server read its configuration again, and tell how it went.",
        exitCodeOnInvalidInput = ExitStatus.USAGE,
        footer = {
            "",
            "Ends with 0 if the new configuration is in force; with 1 if the one before stays, or nothing "
                    + "was sent; with 75 if the",
            "reload was asked for and how it went cannot be seen, as by another user than the server's and root.",
            "memroute check FILE tells beforehand whether the configuration is good."
        })
final class ReloadCommand implements Callable<Integer> {

    /** A server that has just begun to start has no board yet. */
    private static final Duration START = Duration.ofSeconds(5);

    /** Longer than any load takes that is not stopped for taking too long. */
    private static final Duration RELOAD = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(10);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "PID",
            converter = WholeNumber.ProcessId.class,
            description = "the server's process id")
    private Optional<Long> pid = Optional.empty();

    @Option(
            names = "--pid-file",
            paramLabel = "<file>",
            description = "the file of its option -P, instead of the process id")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "print this help")
    @SuppressWarnings("unused") // picocli obeys it
    private boolean help;

    @Override
    public Integer call() throws InterruptedException {
        if (pid.isPresent() == file.isPresent()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "which server? expected PID or --pid-file FILE");
        }
        long number;
        try {
            number = pid.isPresent()
                    ? pid.get()
                    : Long.parseLong(Files.readString(file.get()).strip());
        } catch (IOException | NumberFormatException e) {
            return failed(file.get() + ": expected a file with the process id of a server, as -P writes it");
        }
        Optional<ServerProcess> process = ServerProcess.of(number);
        return process.isEmpty() ? failed("no process " + number + " is running") : reload(process.get());
    }

    private int reload(ServerProcess process) throws InterruptedException {
        Sight sight = ReloadBoard.of(process.pid());
        for (long end = System.nanoTime() + START.toNanos();
                sight instanceof Sight.None
                        && process.looksLikeServer()
                        && process.isAlive()
                        && System.nanoTime() < end; ) {
            Thread.sleep(POLL);
            sight = ReloadBoard.of(process.pid());
        }
        return switch (sight) {
            case Sight.Board board -> reload(process, board);
            case Sight.Hidden hidden when process.looksLikeServer() -> reloadUnseen(process);
            case Sight.Hidden hidden -> failed(process + " is no memroute server; nothing was sent to it");
            case Sight.None none ->
                failed(process
                        + (process.looksLikeServer() ? " does not serve yet" : " is no memroute server")
                        + "; nothing was sent to it");
        };
    }

    private int reload(ServerProcess process, Sight.Board board) throws InterruptedException {
        try {
            long before = read(board).asked();
            process.hangUp();
            for (long end = System.nanoTime() + RELOAD.toNanos(); System.nanoTime() < end; ) {
                State state = read(board);
                if (state.finished() > before) {
                    return report(process, state);
                }
                Thread.sleep(POLL);
            }
        } catch (NoSuchFileException e) {
            return failed("process " + process.pid() + " has ended");
        } catch (IOException e) {
            return failed(process + ": " + SystemError.text(e));
        }
        return unknown(process + " was asked to reload, and has not finished within " + RELOAD.toSeconds() + " s");
    }

    private static State read(Sight.Board board) throws IOException, InterruptedException {
        Optional<State> state = ReloadBoard.read(board);
        while (state.isEmpty()) {
            Thread.sleep(POLL);
            state = ReloadBoard.read(board);
        }
        return state.get();
    }

    private int report(ServerProcess process, State state) {
        if (state.succeeded()) {
            spec.commandLine().getOut().println("process " + process.pid() + " has reloaded its configuration");
            return ExitStatus.OK;
        }
        String errors = Colours.FINDINGS.on(StandardStream.ERROR, Shown.lines(state.errors()));
        spec.commandLine().getErr().println(errors);
        return failed("process " + process.pid() + " keeps its previous configuration");
    }

    private int reloadUnseen(ServerProcess process) {
        try {
            process.hangUp();
        } catch (IOException e) {
            return failed(process + ": " + SystemError.text(e) + "; be root, or the user that it runs as");
        }
        return unknown(process + " was asked to reload; only root can see the result here, and its log has it");
    }

    private int unknown(String message) {
        spec.commandLine().getErr().println("memroute reload: " + Shown.text(message));
        return ExitStatus.UNKNOWN;
    }

    private int failed(String message) {
        spec.commandLine().getErr().println("memroute reload: " + Shown.text(message));
        return ExitStatus.FAILURE;
    }
}
