package io.memroute.app.explain;

import io.memroute.app.options.ExitStatus;
import io.memroute.app.terminal.Paint;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.explain.Check;
import io.memroute.proxy.explain.render.CheckText;
import io.memroute.proxy.explain.render.Json;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code memroute check}: would it start, and is it meant like that? */
@Command(
        name = "check",
        description = "Check a configuration without starting a proxy; of a running proxy, the files that a "
                + "reload would read.",
        footer = {
            "",
            "Exits with 0 if a proxy would start, 1 if the configuration has errors, 2 if it has warnings "
                    + "and --strict is given."
        },
        exitCodeOnInvalidInput = ExitStatus.USAGE)
public final class CheckCommand extends ExplainCommand {

    /** The status of {@code --strict} if something is legal, but surely not meant. */
    static final int WARNINGS = 2;

    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "the configuration file")
    private Optional<String> file = Optional.empty();

    @Mixin
    private ConfigurationFile configuration;

    @Mixin
    private RunningProxy running;

    @Option(names = "--strict", description = "exit with 2 if there are warnings; notes do not count")
    private boolean strict;

    @Override
    Optional<String> running() {
        return running.address();
    }

    @Override
    Paint paint() {
        return Colours.FINDINGS;
    }

    @Override
    int run() {
        Subject subject = subject(configuration, file);
        ConfigSource source = subject.source();
        Check.Report report = Check.run(source, subject.host(), subject.listeners());
        print(json() ? Json.of(report) : CheckText.of(source.name(), report));
        if (!report.errors().isEmpty()) {
            return ExitStatus.FAILURE;
        }
        return strict && report.strictWarnings() > 0 ? WARNINGS : ExitStatus.OK;
    }
}
