package io.memroute.app.explain;

import io.memroute.app.options.ExitStatus;
import io.memroute.app.terminal.Paint;
import io.memroute.proxy.access.IdentityName;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.explain.CommandLine;
import io.memroute.proxy.explain.Explanation;
import io.memroute.proxy.explain.render.Json;
import io.memroute.proxy.explain.render.WhyText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE COMMAND",
            description = "the configuration file, and a command as a client sends it, without its value; with "
                    + "--running the command alone")
    private List<String> words;

    @Mixin
    private ConfigurationFile configuration;

    @Mixin
    private RunningProxy running;

    @Option(
            names = "--tag",
            paramLabel = "<tag>",
            description = "the tag of the listener it comes from (default: none)")
    private String tag = "";

    @Option(
            names = "--down",
            paramLabel = "<host:port>",
            description = "treat this backend as unreachable; may be repeated")
    private List<String> down = List.of();

    @Option(
            names = "--as",
            paramLabel = "<identity>",
            split = ",",
            description = "the client that sends it, as rules name it: user:NAME, cn:NAME, san:NAME or tag:TAG; "
                    + "several names of one client with commas")
    private List<String> client = List.of();

    @Override
    Optional<String> running() {
        return running.address();
    }

    @Override
    Paint paint() {
        return Colours.WHY;
    }

    @Override
    int run() throws ConfigException {
        Optional<String> file = isAboutServer() ? Optional.empty() : Optional.of(words.getFirst());
        List<String> command = isAboutServer() ? words : words.subList(1, words.size());
        if (command.isEmpty()) {
            throw new IllegalArgumentException(
                    "which command? expected one as a client sends it, such as \"get user:42\"");
        }
        CommandLine line = CommandLine.of(String.join(" ", command));
        Explanation explanation =
                subject(configuration, file).why().explain(line, tag, new LinkedHashSet<>(down), names());
        print(json() ? Json.of(explanation) : WhyText.of(explanation));
        return line.error().isPresent() ? ExitStatus.FAILURE : ExitStatus.OK;
    }

    /** The names of the client. */
    private List<IdentityName> names() {
        return client.stream()
                .map(text -> IdentityName.of(text)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "--as: expected user:NAME, cn:NAME, san:NAME or" + " tag:TAG, got \"" + text + "\"")))
                .toList();
    }
}
