package io.memroute.app.explain;

import io.memroute.app.options.ExitStatus;
import io.memroute.proxy.explain.Check;
import io.memroute.proxy.explain.render.CheckText;
import io.memroute.proxy.explain.render.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code memroute check}: would it start, and is it meant like that? */
@Command(
        name = "check",
        description = "Check a configuration without starting a proxy.",
        footer = {"", "Ends with 0 if a proxy would start, 1 if the configuration has errors, 2 if it has warnings and --strict is given."},
        exitCodeOnInvalidInput = ExitStatus.USAGE)
public final class CheckCommand extends ExplainCommand {

    /** With {@code --strict}: legal, but surely not meant. */
    static final int WARNINGS = 2;

    @Mixin
    private ConfigurationFile configuration;

    @Option(names = "--strict", description = "end with 2 if there are warnings")
    private boolean strict;

    @Override
    int run() {
        Check.Report report = Check.run(configuration.source(), HOST);
        print(json() ? Json.of(report) : CheckText.of(configuration.source().name(), report));
        if (!report.errors().isEmpty()) {
            return ExitStatus.FAILURE;
        }
        return strict && !report.warnings().isEmpty() ? WARNINGS : ExitStatus.OK;
    }
}
