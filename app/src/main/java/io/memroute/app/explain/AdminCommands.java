package io.memroute.app.explain;

import io.memroute.app.admin.AdminReply;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.options.PlainCommandLine;
import io.memroute.proxy.ProxyServer;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Answers the commands that can be about a running proxy, with the classes that answer them about files. Thread safe.
 */
public final class AdminCommands {

    private static final String EXPECTED =
            "expected check, why, plan or show, with options as in a shell; see docs/checking.md\n";

    private final ProxyServer server;

    public AdminCommands(ProxyServer server) {
        this.server = server;
    }

    /** @param words as a shell has them after {@code memroute}, without file names */
    public AdminReply answer(List<String> words) {
        ExplainCommand command = switch (words.getFirst()) {
            case "check" -> new CheckCommand();
            case "why" -> new WhyCommand();
            case "plan" -> new PlanCommand();
            case "show" -> new ShowCommand();
            default -> null;
        };
        if (command == null) {
            boolean asksForHelp = words.getFirst().equals("help");
            return new AdminReply(asksForHelp ? ExitStatus.OK : ExitStatus.USAGE, asksForHelp, EXPECTED);
        }
        CommandLine line = PlainCommandLine.of(command);
        command.isAbout(server);
        try {
            line.parseArgs(words.subList(1, words.size()).toArray(String[]::new));
        } catch (ParameterException e) {
            return new AdminReply(
                    ExitStatus.USAGE, false, "memroute " + words.getFirst() + ": " + e.getMessage() + "\n");
        }
        if (line.isUsageHelpRequested()) {
            return new AdminReply(ExitStatus.OK, true, line.getUsageMessage(CommandLine.Help.Ansi.OFF));
        }
        return command.running().isEmpty()
                ? command.answer()
                : new AdminReply(
                        ExitStatus.USAGE,
                        false,
                        "memroute " + words.getFirst() + ": is about this proxy here; leave out --running\n");
    }
}
