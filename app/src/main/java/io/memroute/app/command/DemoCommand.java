package io.memroute.app.command;

import io.memroute.app.demo.Demo;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.options.WholeNumber;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code memroute demo}: something to try at once. */
@Command(
        name = "demo",
        description =
                "Start a proxy in front of three embedded servers, with a console and some load, to try things out.",
        exitCodeOnInvalidInput = ExitStatus.USAGE,
        mixinStandardHelpOptions = false)
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--port",
            paramLabel = "<num>",
            defaultValue = "11211",
            converter = WholeNumber.Port.class,
            description = "the proxy's port (default: 11211; 0: any)")
    private int port;

    @Option(names = "--no-load", description = "send it no requests")
    private boolean noLoad;

    @Override
    public Integer call() throws InterruptedException {
        return Demo.run(port, !noLoad, System.out);
    }
}
