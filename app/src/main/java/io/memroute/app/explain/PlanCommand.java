package io.memroute.app.explain;

import io.memroute.app.options.ExitStatus;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.explain.KeySample;
import io.memroute.proxy.explain.Plan;
import io.memroute.proxy.explain.render.Json;
import io.memroute.proxy.explain.render.PlanText;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code memroute plan}: what would this change do? */
@Command(
        name = "plan",
        description = "Show what a reload from one configuration to another would change, and how many keys it would move.",
        exitCodeOnInvalidInput = ExitStatus.USAGE)
public final class PlanCommand extends ExplainCommand {

    @Parameters(index = "0", paramLabel = "OLD", description = "the configuration in force")
    private String before;

    @Parameters(index = "1", paramLabel = "NEW", description = "the configuration to come")
    private String after;

    @Option(names = "--keys", paramLabel = "<num>", description = "how many keys to generate (default: 1000000)")
    private int keys = KeySample.DEFAULT_KEYS;

    @Option(names = "--sample", paramLabel = "<file>", description = "real keys instead, one a line")
    private Path sample;

    @Override
    int run() throws ConfigException, IOException {
        KeySample measured = sample == null ? KeySample.generated(keys) : KeySample.ofFile(sample);
        Plan.Report report = Plan.compare(
                ConfigLoader.load(ConfigurationFile.of(before), HOST), ConfigLoader.load(ConfigurationFile.of(after), HOST), measured);
        print(json() ? Json.of(report) : PlanText.of(report));
        return ExitStatus.OK;
    }
}
