package io.memroute.app.options;

import java.util.OptionalLong;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Whole numbers of options, each kind with its bounds, so that no command looks at them again. */
public final class WholeNumber {

    private WholeNumber() {}

    /**
     * Returns the number.
     *
     * @throws TypeConversionException if the text is none between the bounds
     */
    private static long of(String text, long least, long most) {
        OptionalLong number = CNumbers.strictLong(text, least, most);
        if (number.isEmpty()) {
            String bounds = most >= Integer.MAX_VALUE ? "of at least " + least : "from " + least + " to " + most;
            throw new TypeConversionException("expected a whole number " + bounds + ", got \"" + text + "\"");
        }
        return number.getAsLong();
    }

    /** A number of at least 1. */
    public static final class Positive implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) of(text, 1, Integer.MAX_VALUE);
        }
    }

    /** A port of TCP, or 0 for any. */
    public static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) of(text, 0, 65_535);
        }
    }

    /** The seconds that a running proxy remembers. */
    public static final class LastSeconds implements ITypeConverter<Integer> {
        public static final int MOST = 60;

        @Override
        public Integer convert(String text) {
            return (int) of(text, 1, MOST);
        }
    }

    /** The id of a process. */
    public static final class ProcessId implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return of(text, 1, Integer.MAX_VALUE);
        }
    }
}
