package io.memroute.app.server;

import io.memroute.app.log.Terminal;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.options.HelpText;
import io.memroute.app.options.ServerArguments;
import io.memroute.app.options.UsageException;
import io.memroute.proxy.MemrouteVersion;
import java.util.List;

/** The command line of a server, with memcached's options. Loads no class of the library that reads the commands. */
public final class ServerCommand {

    private static final String PROGRAM = "memroute";

    private ServerCommand() {}

    /**
     * Starts a server from memcached's options, or says what they ask for.
     *
     * @param withFile whether a configuration file is expected among the words
     * @return the exit status
     */
    public static int run(List<String> words, boolean withFile) {
        // Before anything that takes time: SIGHUP and SIGTERM would end the process as they end any other.
        ServerSignals signals = new ServerSignals();
        try {
            ServerArguments arguments =
                    withFile ? ServerArguments.parseRun(PROGRAM, words) : ServerArguments.parse(PROGRAM, words);
            return switch (arguments.action()) {
                case SERVE -> ServerRun.serve(arguments, signals);
                case HELP -> print(help());
                case LICENSE ->
                    print(version() + "Licensed under the Apache License, Version 2.0: "
                            + "https://www.apache.org/licenses/LICENSE-2.0\n");
                case VERSION -> print(version());
            };
        } catch (UsageException e) {
            Terminal.error(e.getMessage() + "\n");
            return e.exitStatus();
        }
    }

    private static String version() {
        return PROGRAM + " " + MemrouteVersion.TEXT + "\n";
    }

    private static String help() {
        return version() + """
                usage: memroute run FILE [options]   a proxy with a configuration file (docs/configuration.md)
                       memroute demo                 a proxy with three servers behind it, to try things out
                       memroute help                 all commands
                       memroute [options]            as memcached is started; without -o proxy_config a plain memcached

                """ + HelpText.options();
    }

    private static int print(String text) {
        Terminal.print(text);
        return ExitStatus.OK;
    }
}
