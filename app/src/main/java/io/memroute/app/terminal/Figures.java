package io.memroute.app.terminal;

import java.util.Locale;

/** Numbers as people read them: three digits, and a unit. */
public final class Figures {

    private static final String[] SIZES = {"B", "KiB", "MiB", "GiB"};

    private Figures() {}

    /** A time: {@code 210 us}, {@code 20.4 ms}, {@code 1.5 s}. */
    public static String time(double seconds) {
        return seconds < 1e-3
                ? digits(seconds * 1e6) + " us"
                : seconds < 1 ? digits(seconds * 1e3) + " ms" : digits(seconds) + " s";
    }

    /** A part of a whole, from 0 to 1: {@code 71 %}, {@code 0.4 %}. */
    public static String share(double share) {
        double percent = share * 100;
        return (percent >= 10 || percent == 0 ? round(percent, 0) : round(percent, 1)) + " %";
    }

    /** Returns a rate per second: {@code 12.5k/s}. */
    public static String rate(double perSecond) {
        return count(perSecond) + "/s";
    }

    /** A number that may be large: {@code 870}, {@code 12.5k}, {@code 3.1M}. */
    public static String count(double number) {
        return number < 1000
                ? number == Math.rint(number) || number >= 100 ? round(number, 0) : round(number, 1)
                : number < 1e6 ? digits(number / 1e3) + "k" : digits(number / 1e6) + "M";
    }

    /** Bytes: {@code 870 B}, {@code 1.5 MiB}. */
    public static String size(double bytes) {
        int unit = 0;
        double number = bytes;
        while (number >= 1024 && unit < SIZES.length - 1) {
            number /= 1024;
            unit++;
        }
        return (unit == 0 ? round(number, 0) : digits(number)) + " " + SIZES[unit];
    }

    private static String digits(double number) {
        return number < 10 ? round(number, 2) : number < 100 ? round(number, 1) : round(number, 0);
    }

    private static String round(double number, int places) {
        String text = String.format(Locale.ROOT, "%." + places + "f", number);
        return places == 0 ? text : text.replaceFirst("\\.?0+$", "");
    }
}
