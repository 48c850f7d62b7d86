package io.memroute.app.command;

import io.memroute.app.control.ControlSocket.Answer;
import io.memroute.app.control.Conversation;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.process.ServerProcess;
import io.memroute.proxy.text.Shown;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code memroute upgrade}: has a running server start the installed program in its place, and end. */
@Command(
        name = "upgrade",
        description = "Replace a running server with the version that is installed now, without closing its listeners.",
        exitCodeOnInvalidInput = ExitStatus.USAGE,
        footer = {
            "",
            "The server starts the program again with the same arguments. The new process reads the configuration, "
                    + "warms up and connects;",
            "then it takes over the listening sockets, and the old process finishes its requests and exits. If "
                    + "anything goes wrong",
            "before that, the old process keeps serving, and the exit status is 1."
        })
final class UpgradeCommand implements Callable<Integer> {

    /** More than the server gives its successor. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private WhichServer server;

    @Override
    public Integer call() {
        try {
            return upgrade(server.process());
        } catch (WhichServer.NoServerException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private int upgrade(ServerProcess process) {
        try (Conversation conversation = Conversation.with(process.pid())) {
            conversation.setTimeout(LONGEST);
            conversation.say("upgrade", List.of());
            Answer answer = conversation.answer(this::print);
            if (answer.status() == ExitStatus.OK) {
                print(answer.text().strip());
                return ExitStatus.OK;
            }
            return failed(answer.text().strip());
        } catch (IOException e) {
            return failed(process + " cannot be queried: " + SystemError.text(e));
        }
    }

    private void print(String line) {
        spec.commandLine().getOut().println(Shown.text(line));
        spec.commandLine().getOut().flush();
    }

    private int failed(String message) {
        spec.commandLine().getErr().println("memroute upgrade: " + Shown.text(message));
        return ExitStatus.FAILURE;
    }
}
