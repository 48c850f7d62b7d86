package io.memroute.app.explain;

import io.memroute.app.options.ExitStatus;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.explain.CommandLine;
import io.memroute.proxy.explain.Explanation;
import io.memroute.proxy.explain.Simulation;
import io.memroute.proxy.explain.Why;
import io.memroute.proxy.explain.render.Json;
import io.memroute.proxy.explain.render.WhyText;
import io.memroute.proxy.script.LibraryHandlers;
import java.util.LinkedHashSet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code memroute why}: where does this key go? */
@Command(
        name = "why",
        description = "Explain where a command goes: memroute why FILE \"get user:42\".",
        exitCodeOnInvalidInput = ExitStatus.USAGE)
public final class WhyCommand extends ExplainCommand {

    @Mixin
    private ConfigurationFile configuration;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "a command as a client sends it, without its value")
    private List<String> words;

    @Option(names = "--tag", paramLabel = "<tag>", description = "the tag of the listener it comes from (default: none)")
    private String tag = "";

    @Option(names = "--down", paramLabel = "<host:port>", description = "take this backend as unreachable; may be repeated")
    private List<String> down = List.of();

    @Override
    int run() throws ConfigException {
        CommandLine line = CommandLine.of(String.join(" ", words));
        Why why = new Why(Simulation.tryOut(LibraryHandlers.plan(ConfigLoader.load(configuration.source(), HOST))));
        Explanation explanation = why.explain(line, tag, new LinkedHashSet<>(down));
        print(json() ? Json.of(explanation) : WhyText.of(explanation));
        return line.error().isPresent() ? ExitStatus.FAILURE : ExitStatus.OK;
    }
}
