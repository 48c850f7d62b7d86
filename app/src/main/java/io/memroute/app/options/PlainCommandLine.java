package io.memroute.app.options;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Reads words with picocli as they are: no word names a file, and none stands for something else. */
public final class PlainCommandLine {

    private PlainCommandLine() {}

    /**
     * Reads words for a command and its subcommands. picocli would read {@code @name} as the words in a file of that
     * name, which is a legal key here and somebody else's file there, and {@code ${env:NAME}} in texts as a variable.
     */
    public static CommandLine of(Object command) {
        CommandLine commandLine = new CommandLine(command);
        addHelp(commandLine);
        return commandLine
                .setExpandAtFiles(false)
                .setInterpolateVariables(false)
                .setTrimQuotes(false)
                .setParameterExceptionHandler((fault, words) -> refuse(fault));
    }

    /**
     * Adds {@code --help} to all commands but those that pass their words on, the one that is itself the help, and the
     * list of commands, whose options are memcached's.
     */
    private static void addHelp(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        boolean listsCommands =
                spec.parent() == null && !command.getSubcommands().isEmpty();
        if (!listsCommands
                && !spec.helpCommand()
                && spec.unmatchedArgsBindings().isEmpty()) {
            spec.addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .type(boolean.class)
                    .description("print this help")
                    .build());
        }
        command.getSubcommands().values().forEach(PlainCommandLine::addHelp);
    }

    private static int refuse(ParameterException fault) {
        CommandLine command = fault.getCommandLine();
        command.getErr().println(UsageMessage.of(fault));
        if (command.getCommandSpec().optionsMap().containsKey("--help")) {
            command.getErr().println(UsageMessage.name(command.getCommandSpec()) + " --help describes its options.");
        } else if (!command.getSubcommands().isEmpty()) {
            command.getErr()
                    .println("The commands are " + String.join(", ", UsageMessage.commands(command.getCommandSpec()))
                            + "; memroute help describes them.");
        }
        return ExitStatus.USAGE;
    }
}
