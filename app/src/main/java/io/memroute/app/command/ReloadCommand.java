package io.memroute.app.command;

import io.memroute.app.options.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code memroute reload}: has a running server read its configuration again, as {@code kill -HUP} does. */
@Command(
        name = "reload",
        description = "Have a running server read its configuration again.",
        exitCodeOnInvalidInput = ExitStatus.USAGE,
        footer = {"", "The server's log says how it went; stats counts proxy_config_reloads and proxy_config_reload_fails.",
            "memroute check FILE tells beforehand whether the configuration is good."})
final class ReloadCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "PID", description = "the server's process id")
    private Optional<Long> pid = Optional.empty();

    @Option(names = "--pid-file", paramLabel = "<file>", description = "the file of its option -P, instead of the process id")
    private Optional<Path> file = Optional.empty();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "print this help")
    private boolean help;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (pid.isPresent() == file.isPresent()) {
            throw new CommandLine.ParameterException(spec.commandLine(), "which server? expected PID or --pid-file FILE");
        }
        long process;
        try {
            process = pid.isPresent() ? pid.get() : Long.parseLong(Files.readString(file.get()).strip());
        } catch (IOException | NumberFormatException e) {
            return failed(file.get() + ": expected a file with the process id of a server, as -P writes it");
        }
        if (process <= 0 || ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty()) {
            return failed("no process " + process + " is running");
        }
        int status = new ProcessBuilder("kill", "-HUP", Long.toString(process)).inheritIO().start().waitFor();
        if (status == 0) {
            spec.commandLine().getOut().println("asked process " + process + " to reload; its log says how it went");
        }
        return status == 0 ? ExitStatus.OK : ExitStatus.FAILURE;
    }

    private int failed(String message) {
        spec.commandLine().getErr().println("memroute reload: " + message);
        return ExitStatus.FAILURE;
    }
}
