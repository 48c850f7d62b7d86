package io.memroute.app.generated;

import io.memroute.app.options.ExitStatus;
import io.memroute.app.options.ServerOption;
import io.memroute.proxy.MemrouteVersion;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page memroute(1). picocli writes one page for each command, in AsciiDoc, which needs another program to
 * become a manual page, and knows nothing of memcached's options.
 */
final class ManualPage {

    private ManualPage() {}

    static String of(CommandLine model) {
        Roff page = new Roff()
                // Without a date, so that the same sources make the same page.
                .macro("TH", "MEMROUTE", "1", "", "memroute " + MemrouteVersion.TEXT, "User Commands")
                .macro("SH", "NAME")
                .paragraph("memroute - a memcached proxy")
                .macro("SH", "SYNOPSIS");
        synopsis(page, "run FILE [options]");
        page.macro("br");
        synopsis(page, "COMMAND ...");
        page.macro("br");
        synopsis(page, "[options]");
        page.macro("SH", "DESCRIPTION")
                .paragraph("Applications connect to memroute as if it were one memcached server. It forwards each "
                        + "request to pools of memcached servers, chosen by routes that are written in Lua.")
                .macro("PP")
                .paragraph("A first word with a dash starts memroute as memcached is started. Without "
                        + "-o proxy_config it is a plain memcached then.");
        page.macro("SH", "COMMANDS");
        CommandLineModel.commands(model).forEach(command -> command(page, command));
        page.macro("SH", "OPTIONS")
                .paragraph("Those of run, and of a start as memcached is started. memcached's options that only "
                        + "concern its own memory are accepted and do nothing.");
        CommandLineModel.serverOptions()
                .forEach(option -> page.item(
                        String.join(", ", CommandLineModel.names(option)),
                        option.placeholder(),
                        option.help().lines().toList()));
        signals(page);
        statuses(page);
        environment(page);
        return page.macro("SH", "FILES")
                .item("/etc/memroute/memroute.lua", "", List.of("The configuration of the service."))
                .item(
                        "/usr/share/doc/memroute",
                        "",
                        List.of("The documentation, beginning with docs/operators-guide.md."))
                .item(
                        "/usr/share/memroute/lua-language-server",
                        "",
                        List.of("Annotations with which editors complete and check configurations."))
                .macro("SH", "SEE ALSO")
                .paragraph("memcached(1), systemd.service(5)")
                .toString();
    }

    private static void synopsis(Roff page, String words) {
        page.macro("B", "memroute").paragraph(words);
    }

    private static void command(Roff page, CommandSpec command) {
        String parameters = command.positionalParameters().stream()
                .map(PositionalParamSpec::paramLabel)
                .collect(Collectors.joining(" "));
        page.macro("SS", ("memroute " + command.name() + " " + parameters).strip());
        Arrays.stream(command.usageMessage().description()).forEach(page::paragraph);
        command.options().stream()
                .filter(option -> !option.hidden() && !isServerOption(option))
                .forEach(option -> page.item(
                        String.join(", ", option.names()),
                        option.arity().max() == 0 ? "" : option.paramLabel(),
                        List.of(String.join(" ", option.description()))));
        page.macro("PP");
        Arrays.stream(command.usageMessage().footer())
                .filter(line -> !line.isEmpty())
                .forEach(page::paragraph);
    }

    private static boolean isServerOption(OptionSpec option) {
        List<String> names = Arrays.asList(option.names());
        return CommandLineModel.serverOptions().stream()
                .filter(server -> server != ServerOption.HELP)
                .anyMatch(server -> CommandLineModel.names(server).equals(names));
    }

    private static void signals(Roff page) {
        page.macro("SH", "SIGNALS")
                .item("SIGHUP", "", List.of("Reads passwords, certificates and the configuration again."))
                .item(
                        "SIGTERM, SIGINT, SIGUSR1",
                        "",
                        List.of("Ends after what is under way, as --drain-delay and --drain-timeout say. A second one "
                                + "ends at once."));
    }

    private static void statuses(Roff page) {
        page.macro("SH", "EXIT STATUS");
        status(page, ExitStatus.OK, "Stopped by a signal or by a client's shutdown; a command that did its work.");
        status(page, ExitStatus.FAILURE, "An option that is refused, or errors in the configuration.");
        status(page, ExitStatus.USAGE, "Options that contradict each other or ask for what is not there.");
        status(page, ExitStatus.NO_USER, "-u names an unknown user.");
        status(page, ExitStatus.SOFTWARE, "The heap is full, or a worker has ended: start it again.");
        status(page, ExitStatus.OS_ERROR, "An address that cannot be listened on, a file that cannot be written.");
        status(page, ExitStatus.UNKNOWN, "Something was asked for, and its outcome cannot be seen.");
    }

    private static void status(Roff page, int status, String meaning) {
        page.item(Integer.toString(status), "", List.of(meaning));
    }

    private static void environment(Roff page) {
        page.macro("SH", "ENVIRONMENT")
                .item(
                        "MEMROUTE_JAVA_HOME",
                        "",
                        List.of("The Java to use, 25 or later. Packages with a Java of their own use that."))
                .item("MEMROUTE_JAVA_OPTS", "", List.of("More options for the JVM, such as -Xmx4g."))
                .item(
                        "MEMCACHED_PORT_FILENAME",
                        "",
                        List.of("A file into which a server writes the ports that it listens on."));
    }
}
