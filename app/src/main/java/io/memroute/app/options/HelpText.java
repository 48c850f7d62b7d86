package io.memroute.app.options;

/** The text of {@code -h}: the options that do something, then the names of those that are accepted and do nothing. */
public final class HelpText {

    private static final int COLUMN = 30;

    private HelpText() {}

    /** The options of memcached's syntax. */
    public static String options() {
        StringBuilder text = new StringBuilder();
        StringBuilder ignored = new StringBuilder();
        for (ServerOption option : ServerOption.values()) {
            switch (option.effect()) {
                case OBEYED -> entry(text, option);
                case IGNORED ->
                    option.letter().ifPresent(letter -> ignored.append(" -").append(letter));
                case REFUSED -> {}
            }
        }
        text.append("accepted as in memcached, without effect here:")
                .append(ignored)
                .append('\n');
        return text.toString();
    }

    private static void entry(StringBuilder text, ServerOption option) {
        StringBuilder names = new StringBuilder(
                option.letter().map(letter -> "-" + letter + ", ").orElse("    "));
        names.append("--").append(option.longName().orElseThrow());
        if (!option.placeholder().isEmpty()) {
            names.append('=').append(option.placeholder());
        }
        if (names.length() >= COLUMN) {
            text.append(names).append('\n');
            names.setLength(0);
        }
        for (String line : option.help().split("\n")) {
            text.append(("%-" + COLUMN + "s%s\n").formatted(names, line));
            names.setLength(0);
        }
    }
}
