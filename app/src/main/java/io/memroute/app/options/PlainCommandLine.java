package io.memroute.app.options;

import picocli.CommandLine;

/** Reads words with picocli as they are: no word names a file, and none stands for something else. */
public final class PlainCommandLine {

    private PlainCommandLine() {}

    /**
     * Reads words for a command and its subcommands. picocli would read {@code @name} as the words in a file of that
     * name, which is a legal key here and somebody else's file there, and {@code ${env:NAME}} in texts as a variable.
     */
    public static CommandLine of(Object command) {
        return new CommandLine(command)
                .setExpandAtFiles(false)
                .setInterpolateVariables(false)
                .setTrimQuotes(false);
    }
}
