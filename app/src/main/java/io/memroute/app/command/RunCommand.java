package io.memroute.app.command;

import io.memroute.app.server.ServerCommand;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code memroute run}, so that the help names it; {@code Main} starts it without the commands' library. */
@Command(name = "run", description = "Start a proxy with a configuration file: memroute run FILE [options].")
final class RunCommand implements Callable<Integer> {

    @Unmatched
    private List<String> words = List.of();

    @Override
    public Integer call() {
        return ServerCommand.run(words, true);
    }
}
