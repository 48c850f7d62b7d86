package io.memroute.proxy.access;

/**
 * The place of a rule in the files of a configuration.
 *
 * @param line counted from 1; 0 if it is not known
 * @param column counted from 1; 0 if it is not known
 */
public record RulePlace(String file, int line, int column) {

    /** Stands for what holds where no rule decides. */
    public static final RulePlace DEFAULT = new RulePlace("default", 0, 0);

    /** {@code file:line}. */
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line;
    }
}
