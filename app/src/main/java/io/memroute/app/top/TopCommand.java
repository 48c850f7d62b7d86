package io.memroute.app.top;

import io.memroute.app.live.Live;
import io.memroute.app.log.Terminal;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.options.WholeNumber;
import io.memroute.app.remote.RemoteProxy;
import io.memroute.app.terminal.Paint;
import io.memroute.app.terminal.StandardStream;
import io.memroute.proxy.explain.render.Json;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code memroute top}: what does a running proxy do, and its servers? */
@Command(
        name = "top",
        description = "Show what a running proxy does: its pools, servers, hot keys, routes and clients, live.",
        footer = {
            "",
            "Where standard output is not a terminal, it prints once and exits, as with --once.",
            "Exits with 0, or with 1 if no proxy answers when it prints once."
        },
        exitCodeOnInvalidInput = ExitStatus.USAGE)
public final class TopCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "ADDRESS",
            description = "where the proxy listens with --admin ADDRESS (default: " + RemoteProxy.USUAL_ADDRESS + ")")
    private Optional<String> address = Optional.empty();

    @Option(names = "--once", description = "print once and exit")
    private boolean once;

    @Option(names = "--json", description = "print JSON once and exit: the page /api/live")
    private boolean json;

    @Option(
            names = "--seconds",
            converter = WholeNumber.LastSeconds.class,
            paramLabel = "<num>",
            description = "the last seconds that rates and times cover, 1 to 60 (default: 5)")
    private int seconds = 5;

    @Option(
            names = "--every",
            converter = WholeNumber.Positive.class,
            paramLabel = "<num>",
            description = "seconds between two updates (default: 1)")
    private int every = 1;

    @Option(
            names = "--sort",
            converter = Order.OfWord.class,
            completionCandidates = Order.Words.class,
            paramLabel = "<column>",
            description = "what rows are sorted by: " + Order.WORDS + " (default: rate)")
    private Order order = Order.RATE;

    @Override
    public Integer call() throws IOException {
        RemoteProxy proxy;
        try {
            proxy = RemoteProxy.at(address.orElse(RemoteProxy.USUAL_ADDRESS));
        } catch (IllegalArgumentException e) {
            return failed(ExitStatus.USAGE, String.valueOf(e.getMessage()));
        }
        if (once || json || !StandardStream.OUTPUT.isTerminal()) {
            return print(proxy);
        }
        try (TopScreen screen = new TopScreen(proxy, seconds, Duration.ofSeconds(every), order)) {
            screen.run();
        }
        return ExitStatus.OK;
    }

    private int print(RemoteProxy proxy) {
        try {
            Live live = proxy.read(Readings.page(seconds), Live.class);
            if (json) {
                Terminal.print(Json.of(live));
            } else {
                Terminal.print(String.join("\n", TopPage.whole(proxy.name(), live, order)) + "\n", TopPage.PAINT);
            }
            return ExitStatus.OK;
        } catch (IOException e) {
            return failed(
                    ExitStatus.FAILURE,
                    proxy.name() + ": " + SystemError.text(e) + "; is a proxy running there with --admin "
                            + proxy.name() + "?");
        }
    }

    private int failed(int status, String message) {
        Terminal.error("memroute " + spec.name() + ": " + message + "\n", Paint.NONE);
        return status;
    }
}
