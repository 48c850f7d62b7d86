package io.memroute.app.generated;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for fish, which picocli does not write. */
final class FishCompletion {

    private static final String NO_COMMAND = "__fish_use_subcommand";

    private FishCompletion() {}

    static String of(CommandLine model) {
        List<String> lines = new ArrayList<>(List.of("# fish completion for memroute"));
        model.getCommandSpec().options().forEach(option -> lines.add(line(NO_COMMAND, option)));
        for (CommandSpec command : CommandLineModel.commands(model)) {
            lines.add("complete -c memroute -f -n " + NO_COMMAND + " -a " + command.name() + " -d "
                    + quoted(summary(command.usageMessage().description())));
            String seen = quoted("__fish_seen_subcommand_from " + command.name());
            command.options().stream()
                    .filter(option -> !option.hidden())
                    .forEach(option -> lines.add(line(seen, option)));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String line(String condition, OptionSpec option) {
        StringBuilder line = new StringBuilder("complete -c memroute -n ").append(condition);
        for (String name : option.names()) {
            line.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^--?", ""));
        }
        if (option.arity().min() > 0) {
            line.append(" -r");
        }
        return line.append(" -d ").append(quoted(summary(option.description()))).toString();
    }

    /** The first line of a description. */
    static String summary(String[] description) {
        return description.length == 0 ? "" : description[0].lines().findFirst().orElse("");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
