package io.memroute.app.explain;

import io.memroute.app.terminal.Paint;

/** The parts that stand out in each command's answers. */
public final class Colours {

    /** Errors and warnings with their places, the lines of files below them with a mark, and how a check ends. */
    public static final Paint FINDINGS = new Paint("(?<faint>^ +[0-9]+ \\| )|^ +\\| *(?<green>\\^)$"
            + "|(?<bold>^\\S[^\\n]*?:[0-9]+(?::[0-9]+)?:) (?:(?<yellow>warning:)|(?<faint2>note:)|(?<red>[^\\n]*))"
            + "|: (?:(?<green2>good):|(?<red2>[0-9]+ errors?)$)");

    /** The command, the lines of the tree, what fails and what the client gets. */
    static final Paint WHY = new Paint("(?<bold>\\A[^\\n]*)|(?<faint>[│├└─]+)|(?<red>\\bDOWN$)"
            + "|-> (?:(?<red2>(?:SERVER_|CLIENT_)?ERROR[^,\\n]*)|(?<yellow>miss)|(?<green>[^,\\n]+))");

    /** Titles, and what is new, gone and different. */
    public static final Paint PLAN =
            new Paint("(?<bold>^\\S[^\\n]*)|^ +(?:(?<green>\\+ [^\\n]*)|(?<red>- [^\\n]*)|(?<yellow>~)) ?");

    /** Results of tests. */
    static final Paint TEST = new Paint("^(?:(?<green>ok)|(?<red>FAIL)) |(?<red2>[1-9][0-9]* failed$)");

    /** Keys that differ, and the outcome. */
    static final Paint PLACEMENT = new Paint("(?<green>^all of [^\\n]*)|(?<red>^[0-9]+ of [^\\n]*)");

    /** The name, and the lines of the tree. */
    static final Paint SHOW = new Paint("(?<bold>\\A[^\\n]*)|(?<faint>[│├└─]+)");

    private Colours() {}
}
