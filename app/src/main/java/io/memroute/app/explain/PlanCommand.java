package io.memroute.app.explain;

import io.memroute.app.options.ExitStatus;
import io.memroute.app.options.WholeNumber;
import io.memroute.app.terminal.Paint;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.explain.KeySample;
import io.memroute.proxy.explain.Plan;
import io.memroute.proxy.explain.render.Json;
import io.memroute.proxy.explain.render.PlanText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code memroute plan}: what would this change do? */
@Command(
        name = "plan",
        description = "Show what a reload from one configuration to another would change, and how many keys it "
                + "would move; of a running proxy,"
                + " what a reload would change now.",
        exitCodeOnInvalidInput = ExitStatus.USAGE)
public final class PlanCommand extends ExplainCommand {

    /** Some hundred megabytes of keys. */
    private static final int MOST_KEYS_OF_A_SERVER = 2_000_000;

    @Parameters(index = "0", arity = "0..1", paramLabel = "OLD", description = "the configuration in force")
    private Optional<String> before = Optional.empty();

    @Parameters(index = "1", arity = "0..1", paramLabel = "NEW", description = "the configuration to come")
    private Optional<String> after = Optional.empty();

    @Mixin
    private ConfigurationFile configuration;

    @Mixin
    private RunningProxy running;

    @Option(
            names = "--keys",
            converter = WholeNumber.Positive.class,
            paramLabel = "<num>",
            description = "how many keys to generate (default: 1000000)")
    private int keys = KeySample.DEFAULT_KEYS;

    @Option(names = "--sample", paramLabel = "<file>", description = "real keys instead, one per line")
    private @Nullable Path sample;

    @Override
    Optional<String> running() {
        return running.address();
    }

    @Override
    Paint paint() {
        return Colours.PLAN;
    }

    @Override
    int run() throws ConfigException, IOException {
        Subject old = subject(configuration, before);
        if (isAboutServer() && (sample != null || keys > MOST_KEYS_OF_A_SERVER)) {
            throw new IllegalArgumentException("a running proxy generates the keys, at most " + MOST_KEYS_OF_A_SERVER);
        }
        Subject next = isAboutServer() ? new Subject.OfFiles(old.source(), old.host()) : subject(configuration, after);
        KeySample measured = sample == null ? KeySample.generated(keys) : KeySample.ofFile(sample);
        Plan.Report report = Plan.compare(old.config(), next.config(), measured);
        print(json() ? Json.of(report) : PlanText.of(report));
        return ExitStatus.OK;
    }
}
