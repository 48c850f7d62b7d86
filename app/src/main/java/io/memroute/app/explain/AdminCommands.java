package io.memroute.app.explain;

import io.memroute.app.admin.AdminPages;
import io.memroute.app.admin.AdminReply;
import io.memroute.app.admin.CommandPages;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.options.PlainCommandLine;
import io.memroute.app.options.UsageMessage;
import io.memroute.proxy.ProxyServer;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Answers the commands that can be about a running proxy, with the classes that answer them about files. Thread safe.
 */
public final class AdminCommands {

    private static final List<String> COMMANDS = List.of("check", "why", "plan", "show");

    private final ProxyServer server;

    public AdminCommands(ProxyServer server) {
        this.server = server;
    }

    /** A page for each command. */
    public List<AdminPages.Page> pages() {
        return CommandPages.of(COMMANDS, this::answer);
    }

    /** @param words as a shell has them after {@code memroute}, without file names */
    public AdminReply answer(List<String> words) {
        ExplainCommand command = switch (words.getFirst()) {
            case "check" -> new CheckCommand();
            case "why" -> new WhyCommand();
            case "plan" -> new PlanCommand();
            case "show" -> new ShowCommand();
            default -> throw new IllegalArgumentException("not one of " + COMMANDS + ": " + words.getFirst());
        };
        CommandLine line = PlainCommandLine.of(command);
        command.isAbout(server);
        try {
            line.parseArgs(words.subList(1, words.size()).toArray(String[]::new));
        } catch (ParameterException e) {
            return new AdminReply(ExitStatus.USAGE, false, UsageMessage.of(e) + "\n");
        }
        if (line.isUsageHelpRequested()) {
            return new AdminReply(ExitStatus.OK, true, line.getUsageMessage(CommandLine.Help.Ansi.OFF));
        }
        return command.running().isEmpty()
                ? command.answer()
                : new AdminReply(
                        ExitStatus.USAGE,
                        false,
                        "memroute " + words.getFirst() + ": always asks this proxy here; leave out --running\n");
    }
}
