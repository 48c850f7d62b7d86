package io.memroute.app.explain;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that has a command be about a running proxy instead of files. */
final class RunningProxy {

    @Option(
            names = "--running",
            paramLabel = "<address>",
            description = "ask the proxy that runs with --admin <address>, instead of reading FILE")
    private Optional<String> address = Optional.empty();

    Optional<String> address() {
        return address;
    }
}
