package io.memroute.app.doctor;

import io.memroute.app.log.Terminal;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.options.WholeNumber;
import io.memroute.app.remote.RemoteProxy;
import io.memroute.app.terminal.Paint;
import io.memroute.proxy.explain.render.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code memroute doctor}: what is wrong with a running proxy? */
@Command(
        name = "doctor",
        description = "Report what is wrong with running proxies and their servers, worst first, and what to look at.",
        footer = {
            "",
            "Exits with 0 if nothing is wrong, 1 if there are warnings, 2 if something is critical, such as a proxy"
                    + " that does not answer."
        },
        exitCodeOnInvalidInput = ExitStatus.USAGE)
public final class DoctorCommand implements Callable<Integer> {

    static final int WARNINGS = 1;
    static final int CRITICAL = 2;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "ADDRESS",
            description = "where the proxy listens with --admin ADDRESS (default: " + RemoteProxy.USUAL_ADDRESS
                    + "); of several, whether they do the same")
    private List<String> addresses = List.of();

    @Option(
            names = "--seconds",
            converter = WholeNumber.LastSeconds.class,
            paramLabel = "<num>",
            description = "how far to look back, 1 to 60 (default: 60)")
    private int seconds = WholeNumber.LastSeconds.MOST;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Override
    public Integer call() {
        Report report;
        try {
            List<String> asked = addresses.isEmpty() ? List.of(RemoteProxy.USUAL_ADDRESS) : addresses;
            report = Doctor.examine(asked.stream().map(RemoteProxy::at).toList(), seconds);
        } catch (IllegalArgumentException e) {
            return usage(String.valueOf(e.getMessage()));
        }
        Terminal.print(json ? Json.of(report) : DoctorText.of(report), json ? Paint.NONE : DoctorText.PAINT);
        return report.isClean() ? ExitStatus.OK : report.isCritical() ? CRITICAL : WARNINGS;
    }

    private int usage(String message) {
        Terminal.error("memroute " + spec.name() + ": " + message + "\n");
        return ExitStatus.USAGE;
    }
}
