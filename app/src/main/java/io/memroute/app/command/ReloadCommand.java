package io.memroute.app.command;

import io.memroute.app.control.ControlSocket.Answer;
import io.memroute.app.control.Conversation;
import io.memroute.app.explain.Colours;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.process.ServerProcess;
import io.memroute.app.process.UnixSocket;
import io.memroute.app.terminal.StandardStream;
import io.memroute.proxy.text.Shown;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code memroute reload}: has a running server read its configuration again, as {@code kill -HUP} does, and says how
 * it went and what has changed. A server that cannot be asked, as one in a container, is sent the signal. Other
 * programs are sent nothing: they end when they get SIGHUP.
 */
@Command(
        name = "reload",
        description = "Make a running server read its configuration again, and report the result.",
        exitCodeOnInvalidInput = ExitStatus.USAGE,
        footer = {
            "",
            "Exits with 0 if the new configuration is in force; with 1 if the previous one stays or nothing "
                    + "was sent; with 75 if a",
            "reload was requested but its result cannot be seen, as from outside the server's container.",
            "memroute check FILE tests a configuration beforehand."
        })
final class ReloadCommand implements Callable<Integer> {

    /** A server that has just begun to start takes no commands yet. */
    private static final Duration START = Duration.ofSeconds(5);

    /** More than the server gives itself. */
    private static final Duration RELOAD = Duration.ofSeconds(90);

    private static final Duration POLL = Duration.ofMillis(10);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private WhichServer server;

    @Override
    public Integer call() throws InterruptedException {
        try {
            return reload(server.process());
        } catch (WhichServer.NoServerException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private int reload(ServerProcess process) throws InterruptedException {
        if (!UnixSocket.isAvailable() && process.looksLikeServer()) {
            return reloadUnseen(process);
        }
        for (long end = System.nanoTime() + START.toNanos(); ; Thread.sleep(POLL)) {
            try (Conversation server = Conversation.with(process.pid())) {
                return reload(process, server);
            } catch (IOException e) {
                if (!process.isAlive()) {
                    return failed("process " + process.pid() + " has ended");
                }
                if (!process.looksLikeServer()) {
                    return failed(process + " is not a memroute server; nothing was sent to it");
                }
                if (process.isElsewhere()) {
                    return reloadUnseen(process);
                }
                if (System.nanoTime() >= end) {
                    return failed(process + " is not serving yet; nothing was sent to it");
                }
            }
        }
    }

    /** @throws IOException if the server has not been asked */
    private int reload(ServerProcess process, Conversation server) throws IOException {
        server.setTimeout(RELOAD);
        server.say("reload", List.of());
        Answer answer;
        try {
            answer = server.answer(report -> {});
        } catch (SocketTimeoutException e) {
            return unknown(process + " was asked to reload, but has not finished within " + RELOAD.toSeconds() + " s");
        } catch (IOException e) {
            return failed("process " + process.pid() + " has ended");
        }
        return switch (answer.status()) {
            case ExitStatus.OK -> {
                spec.commandLine().getOut().println("process " + process.pid() + " has reloaded its configuration");
                spec.commandLine().getOut().print(Colours.PLAN.on(StandardStream.OUTPUT, Shown.lines(answer.text())));
                spec.commandLine().getOut().flush();
                yield ExitStatus.OK;
            }
            case ExitStatus.UNKNOWN ->
                unknown("process " + process.pid() + ": " + answer.text().strip());
            default -> {
                String errors = Colours.FINDINGS.on(StandardStream.ERROR, Shown.lines(answer.text()));
                spec.commandLine().getErr().print(errors);
                yield failed("process " + process.pid() + " keeps its previous configuration");
            }
        };
    }

    private int reloadUnseen(ServerProcess process) {
        try {
            process.hangUp();
        } catch (IOException e) {
            return failed(process + ": " + SystemError.text(e) + "; run this as root, or as the user that it runs as");
        }
        return unknown(process + " was asked to reload; the result cannot be seen from here, only in its log");
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
