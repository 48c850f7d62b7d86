package io.memroute.app.explain;

import io.memroute.app.options.ExitStatus;
import io.memroute.app.terminal.Paint;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.explain.Drawing;
import io.memroute.proxy.explain.Outline;
import io.memroute.proxy.explain.render.Dot;
import io.memroute.proxy.explain.render.Json;
import io.memroute.proxy.explain.render.OutlineText;
import io.memroute.proxy.explain.render.Svg;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code memroute show}: what does this configuration amount to? */
@Command(
        name = "show",
        description = "Show a configuration with every default filled in: as a tree, as JSON, or drawn.",
        exitCodeOnInvalidInput = ExitStatus.USAGE)
public final class ShowCommand extends ExplainCommand {

    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "the configuration file")
    private Optional<String> file = Optional.empty();

    @Mixin
    private ConfigurationFile configuration;

    @Mixin
    private RunningProxy running;

    @Option(names = "--dot", description = "print a graph for Graphviz")
    private boolean dot;

    @Option(names = "--svg", description = "print a drawing")
    private boolean svg;

    @Override
    Optional<String> running() {
        return running.address();
    }

    @Override
    Paint paint() {
        return dot || svg ? Paint.NONE : Colours.SHOW;
    }

    @Override
    int run() throws ConfigException {
        if ((json() ? 1 : 0) + (dot ? 1 : 0) + (svg ? 1 : 0) > 1) {
            throw new IllegalArgumentException("give only one of --json, --dot and --svg");
        }
        Subject subject = subject(configuration, file);
        Outline outline = Outline.of(subject.config());
        if (json()) {
            print(Json.of(outline));
        } else if (dot) {
            print(Dot.of(Drawing.of(outline)));
        } else if (svg) {
            print(Svg.of(Drawing.of(outline)));
        } else {
            print(OutlineText.of(subject.source().name(), outline));
        }
        return ExitStatus.OK;
    }
}
