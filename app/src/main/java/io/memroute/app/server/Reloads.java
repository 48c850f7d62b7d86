package io.memroute.app.server;

import io.memroute.app.control.ControlSocket.Answer;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.service.ServiceManager;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ReloadOutcome;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.explain.KeySample;
import io.memroute.proxy.explain.Plan;
import io.memroute.proxy.explain.render.PlanText;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The reloads of a server, whoever asks for them; the service manager is told of each. Thread safe. */
public final class Reloads {

    /** Longer than any load takes that is not stopped for taking too long. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** Shares of keys are good to a percent; it takes some milliseconds for each pool. */
    private static final int SAMPLED_KEYS = 20_000;

    private final ProxyServer server;
    private final ServiceManager manager;
    private volatile Supplier<Optional<IOException>> more = Optional::empty;
    private int underWay;

    Reloads(ProxyServer server, ServiceManager manager) {
        this.server = server;
        this.manager = manager;
    }

    /** Has something be reloaded besides the server, from now on; it tells what has failed. */
    void include(Supplier<Optional<IOException>> besides) {
        more = besides;
    }

    /** Begins one, and returns at once. */
    void begin() {
        start();
    }

    /**
     * A reload under way.
     *
     * @param besides what has failed already of that which is not the server's
     */
    private record Begun(CompletableFuture<ReloadOutcome> outcome, Optional<IOException> besides) {}

    private synchronized Begun start() {
        if (underWay++ == 0) {
            manager.reloading();
        }
        Optional<IOException> besides = more.get();
        return new Begun(
                server.reload()
                        .whenComplete((outcome, failure) ->
                                ended(failure == null && outcome.succeeded() && besides.isEmpty())),
                besides);
    }

    private synchronized void ended(boolean succeeded) {
        if (--underWay == 0) {
            manager.ready(
                    succeeded
                            ? "the configuration was reloaded"
                            : "a reload failed; the previous configuration stays in force");
        }
    }

    /** Reloads, waits for the outcome, and says what has changed. */
    Answer run() throws InterruptedException {
        Optional<ProxyConfig> before = server.configuration();
        try {
            Begun begun = start();
            ReloadOutcome outcome = begun.outcome().get(LONGEST.toSeconds(), TimeUnit.SECONDS);
            if (outcome.failure().isPresent()) {
                return new Answer(ExitStatus.FAILURE, errors(outcome.failure().get()));
            }
            return begun.besides().isPresent()
                    ? new Answer(
                            ExitStatus.FAILURE,
                            changes(before) + begun.besides().get().getMessage() + "\n")
                    : new Answer(ExitStatus.OK, changes(before));
        } catch (ExecutionException e) {
            return new Answer(ExitStatus.FAILURE, errors(e.getCause()));
        } catch (TimeoutException e) {
            return new Answer(ExitStatus.UNKNOWN, "the reload has not finished within " + LONGEST.toSeconds() + " s\n");
        }
    }

    private static String errors(@Nullable Throwable failure) {
        return (failure instanceof ConfigException wrong ? wrong.quoted() : String.valueOf(failure)).stripTrailing()
                + "\n";
    }

    /** Empty for a Lua program of its own, which has no model. */
    private String changes(Optional<ProxyConfig> before) {
        Optional<ProxyConfig> after = server.configuration();
        return before.isEmpty() || after.isEmpty()
                ? ""
                : PlanText.of(Plan.compare(before.get(), after.get(), KeySample.generated(SAMPLED_KEYS)));
    }
}
