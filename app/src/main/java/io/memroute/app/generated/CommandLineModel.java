package io.memroute.app.generated;

import io.memroute.app.options.ServerOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The whole command line in one model: memroute's commands, and memcached's options, which the program reads without
 * the commands' library. Made to be described, not to be parsed with.
 */
final class CommandLineModel {

    /** The commands that start a server take memcached's options. */
    private static final String RUN = "run";

    private CommandLineModel() {}

    /**
     * Adds memcached's options to the commands.
     *
     * @param commands all of them, without the options
     */
    static CommandLine of(CommandLine commands) {
        addServerOptions(commands.getCommandSpec());
        addServerOptions(
                Objects.requireNonNull(commands.getSubcommands().get(RUN), RUN).getCommandSpec());
        return commands;
    }

    private static void addServerOptions(CommandSpec to) {
        for (ServerOption option : serverOptions()) {
            String[] names = names(option).toArray(String[]::new);
            to.addOption(OptionSpec.builder(names)
                    .arity(arity(option))
                    .type(option.argument() == ServerOption.Argument.NONE ? boolean.class : String.class)
                    .paramLabel(option.placeholder())
                    .description(option.help().split("\n")[0])
                    .build());
        }
    }

    private static String arity(ServerOption option) {
        return switch (option.argument()) {
            case NONE -> "0";
            case OPTIONAL -> "0..1";
            case REQUIRED -> "1";
        };
    }

    /** The options that do something, in the order of the help. */
    static List<ServerOption> serverOptions() {
        return Arrays.stream(ServerOption.values())
                .filter(option -> option.effect() == ServerOption.Effect.OBEYED)
                .toList();
    }

    /** The names of an option as they are typed. */
    static List<String> names(ServerOption option) {
        return Stream.concat(
                        option.letter().map(letter -> "-" + letter).stream(),
                        option.longName().map(name -> "--" + name).stream())
                .toList();
    }

    /** The commands to describe, by name. */
    static List<CommandSpec> commands(CommandLine model) {
        return model.getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(command -> !command.usageMessage().hidden())
                .toList();
    }
}
