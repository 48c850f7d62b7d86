package io.memroute.app.generated;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for zsh in its own terms, with descriptions; picocli's is that of bash, which zsh can also run. */
final class ZshCompletion {

    private ZshCompletion() {}

    static String of(CommandLine model) {
        List<CommandSpec> commands = CommandLineModel.commands(model);
        List<String> lines = new ArrayList<>(List.of("#compdef memroute", "", "local -a commands=("));
        commands.forEach(command -> lines.add("  " + quoted(command.name() + ":" + summary(command))));
        lines.addAll(List.of(")", "", "case $words[2] in"));
        for (CommandSpec command : commands) {
            lines.add("  " + command.name() + ")");
            lines.add("    shift words");
            lines.add("    ((CURRENT--))");
            lines.add(arguments(command.options().stream().filter(option -> !option.hidden()), "'*:file:_files'"));
            lines.add("    ;;");
        }
        lines.add("  *)");
        lines.add(arguments(model.getCommandSpec().options().stream(), "'1:command:{_describe command commands}'"));
        lines.add("    ;;");
        lines.add("esac");
        return String.join("\n", lines) + "\n";
    }

    private static String arguments(Stream<OptionSpec> options, String rest) {
        return Stream.concat(options.flatMap(ZshCompletion::specs), Stream.of(rest))
                .map(spec -> "      " + spec)
                .collect(Collectors.joining(" \\\n", "    _arguments -S \\\n", ""));
    }

    /** One for each name: {@code (-p --port)--port=[meaning]:num:_files}. */
    private static Stream<String> specs(OptionSpec option) {
        String others = Arrays.stream(option.names()).collect(Collectors.joining(" ", "(", ")"));
        return Arrays.stream(option.names())
                .map(name -> quoted(others + name + (takesWord(option) && name.startsWith("--") ? "=" : "") + "["
                        + bracketed(FishCompletion.summary(option.description())) + "]"
                        + (takesWord(option) ? ":" + label(option) + ":_files" : "")));
    }

    private static boolean takesWord(ArgSpec option) {
        return option.arity().min() > 0;
    }

    private static String label(OptionSpec option) {
        return option.paramLabel().replaceAll("[<>:]", "");
    }

    private static String summary(CommandSpec command) {
        return FishCompletion.summary(command.usageMessage().description());
    }

    private static String bracketed(String text) {
        return text.replace("\\", "\\\\")
                .replace("[", "\\[")
                .replace("]", "\\]")
                .replace(":", "\\:");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
