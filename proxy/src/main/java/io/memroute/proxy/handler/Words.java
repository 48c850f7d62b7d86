package io.memroute.proxy.handler;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Numbers, times and values of options as people read them. */
public final class Words {

    private Words() {}

    /** A part of a sentence that says how long a route waits for each child, if there is a limit. */
    public static String waitsForEach(Optional<Duration> wait) {
        return wait.map(time -> "; waits " + seconds(time) + " s for each").orElse("");
    }

    /** A number with at most two decimals. */
    public static String number(double value) {
        return BigDecimal.valueOf(value)
                .setScale(2, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    /** A number with all its decimals. */
    public static String exactly(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    /** Seconds without needless zeros. */
    public static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toNanos(), 9).stripTrailingZeros().toPlainString();
    }

    /** The value of an option: seconds without needless zeros, tables in braces, text in quotes. */
    public static String value(Object value) {
        return switch (value) {
            case Duration time -> seconds(time);
            case String text -> '"' + text + '"';
            case Double number when number == Math.rint(number) -> Long.toString(number.longValue());
            case Map<?, ?> table -> {
                StringBuilder text = new StringBuilder("{");
                table.forEach((key, of) -> text.append(text.length() == 1 ? " " : ", ")
                        .append(key)
                        .append(" = ")
                        .append(value(of)));
                yield text.append(" }").toString();
            }
            default -> value.toString();
        };
    }
}
