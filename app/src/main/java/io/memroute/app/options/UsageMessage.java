package io.memroute.app.options;

import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.text.Shown;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what is wrong with the words of a command: the option, what was given, and what was expected. picocli's own
 * texts speak of indexes and of types of Java.
 */
public final class UsageMessage {

    private UsageMessage() {}

    /** Returns the fault on one line, with the command in front. */
    public static String of(ParameterException fault) {
        return name(fault.getCommandLine().getCommandSpec()) + ": " + Shown.text(words(fault));
    }

    /** Returns the command as a shell has it. */
    static String name(CommandSpec command) {
        // A command that a running proxy answers has no parent.
        return command.root().name().equals("memroute") ? command.qualifiedName() : "memroute " + command.name();
    }

    private static String words(ParameterException fault) {
        CommandSpec command = fault.getCommandLine().getCommandSpec();
        return switch (fault) {
            case UnmatchedArgumentException unmatched ->
                unmatched(unmatched.getUnmatched().getFirst(), command);
            // A mistyped option takes the place of none: it is the word to name.
            case MissingParameterException missing
            when !missing.getCommandLine().getUnmatchedArguments().isEmpty() ->
                unmatched(missing.getCommandLine().getUnmatchedArguments().getFirst(), command);
            case MissingParameterException missing ->
                missing(missing.getMissing().getFirst());
            case OverwrittenOptionException twice -> name(twice.getOverwritten()) + ": given twice";
            case ParameterException bad
            when bad.getArgSpec() != null && bad.getCause() instanceof TypeConversionException e ->
                badValue(bad.getArgSpec(), bad.getValue(), e);
            // Thrown by "help": of its own faults only this has a value.
            case ParameterException bad
            when bad.getArgSpec() == null && bad.getValue() != null -> noCommand(bad.getValue(), command);
            default -> String.valueOf(fault.getMessage());
        };
    }

    private static String unmatched(String word, CommandSpec command) {
        if (word.startsWith("-")) {
            List<String> known =
                    command.options().stream().map(OptionSpec::longestName).toList();
            return "no option \"" + word + "\"" + NearestName.hint(word, known);
        }
        return command.subcommands().isEmpty() ? "unexpected argument \"" + word + "\"" : noCommand(word, command);
    }

    private static String noCommand(String word, CommandSpec command) {
        return "no command \"" + word + "\"" + NearestName.hint(word, commands(command));
    }

    /** Returns the names of the commands below a command, in the order of its help. */
    static List<String> commands(CommandSpec command) {
        return command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(spec -> !spec.usageMessage().hidden())
                .map(CommandSpec::name)
                .toList();
    }

    private static String missing(ArgSpec what) {
        return what.isOption()
                ? name(what) + ": expected a value: " + name(what) + " " + what.paramLabel()
                : "expected " + what.paramLabel();
    }

    private static String badValue(ArgSpec option, String value, TypeConversionException fault) {
        return option.typeInfo().isBoolean()
                ? name(option) + ": takes no value, got \"" + value + "\""
                : name(option) + ": " + fault.getMessage();
    }

    private static String name(ArgSpec what) {
        return what instanceof OptionSpec option ? option.longestName() : what.paramLabel();
    }
}
