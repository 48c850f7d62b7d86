package io.memroute.app.command;

import io.memroute.app.options.WholeNumber;
import io.memroute.app.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The running server that a command is about. */
final class WhichServer {

    /** None is meant, with the reason. */
    static final class NoServerException extends Exception {

        private static final long serialVersionUID = 1;

        NoServerException(String message) {
            super(message);
        }
    }

    @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
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

    /** @throws NoServerException if there is no such process */
    ServerProcess process() throws NoServerException {
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
            throw new NoServerException(
                    file.get() + ": expected a file with the process id of a server, as -P writes it");
        }
        return ServerProcess.of(number)
                .orElseThrow(() -> new NoServerException("no process " + number + " is running"));
    }
}
