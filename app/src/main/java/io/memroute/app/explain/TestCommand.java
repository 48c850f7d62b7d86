package io.memroute.app.explain;

import io.memroute.app.options.ExitStatus;
import io.memroute.app.terminal.Paint;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.explain.RouteTests;
import io.memroute.proxy.explain.render.Json;
import io.memroute.proxy.explain.render.TestText;
import io.memroute.proxy.script.library.LibraryLoader;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code memroute test}: does it do what its {@code test{}} blocks expect? */
@Command(
        name = "test",
        description = "Run the test{} blocks of a configuration, without network.",
        footer = {
            "",
            "Exits with 0 if all tests passed, 1 if one failed or the configuration has errors, 2 if there are no"
                    + " tests."
        },
        exitCodeOnInvalidInput = ExitStatus.USAGE)
public final class TestCommand extends ExplainCommand {

    /** Nothing was tested: a script that expects tests should notice. */
    static final int NO_TESTS = 2;

    @Parameters(index = "0", paramLabel = "FILE", description = "the configuration file")
    private String file;

    @Mixin
    private ConfigurationFile configuration;

    @Override
    Paint paint() {
        return Colours.TEST;
    }

    @Override
    int run() throws ConfigException {
        ConfigSource source = configuration.source(Optional.of(file));
        ConfigHost host = configuration.host(source);
        RouteTests.Report report =
                RouteTests.run(ConfigLoader.loadAll(source, host, LibraryLoader.withoutServer()), host);
        print(json() ? Json.of(report) : TestText.of(report));
        if (report.results().isEmpty()) {
            return NO_TESTS;
        }
        return report.failed() == 0 ? ExitStatus.OK : ExitStatus.FAILURE;
    }
}
