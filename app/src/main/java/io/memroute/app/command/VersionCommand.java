package io.memroute.app.command;

import io.memroute.app.log.Terminal;
import io.memroute.app.options.ExitStatus;
import io.memroute.proxy.MemrouteVersion;
import io.memroute.proxy.explain.render.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code memroute version}: for people one line, for programs and reports of faults all that was built in. */
@Command(name = "version", description = "Print the version.", exitCodeOnInvalidInput = ExitStatus.USAGE)
final class VersionCommand implements Callable<Integer> {

    @Option(names = "--json", description = "print JSON: with the commit, Java, the transport and Netty")
    private boolean json;

    @Override
    public Integer call() {
        Terminal.print(json ? Json.of(Build.ofThisProgram()) : "memroute " + MemrouteVersion.TEXT + "\n");
        return ExitStatus.OK;
    }
}
