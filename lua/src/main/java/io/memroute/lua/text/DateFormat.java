package io.memroute.lua.text;

/**
 * The conversions of C99's {@code strftime} in the "C" locale, checked as {@code os.date} checks them (C99 section
 * 7.23.3.5).
 */
public final class DateFormat {
    private static final String PLAIN = "aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%";
    private static final String AFTER_E = "cCxXyY";
    private static final String AFTER_O = "deHImMSuUVwWy";

    private static final String[] DAYS = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    private static final String[] MONTHS = {
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December"
    };

    private DateFormat() {}

    /**
     * Appends {@code time} as {@code format} says.
     *
     * @throws TextError if a conversion is not one of C99's
     */
    public static void append(ByteBuilder out, byte[] format, int from, int length, CalendarTime time) {
        int end = from + length;
        int at = from;
        while (at < end) {
            int c = format[at++];
            if (c != '%') {
                out.append(c);
                continue;
            }
            int conversion = at < end ? format[at] : 0;
            int next = at + 1 < end ? format[at + 1] : 0;
            if (conversion == 'E' && next != 0 && AFTER_E.indexOf(next) >= 0
                    || conversion == 'O' && next != 0 && AFTER_O.indexOf(next) >= 0) {
                convert(out, next, time);
                at += 2;
            } else if (conversion != 0 && PLAIN.indexOf(conversion) >= 0) {
                convert(out, conversion, time);
                at++;
            } else {
                throw unknown(format, at, end);
            }
        }
    }

    private static TextError unknown(byte[] format, int at, int end) {
        StringBuilder message = new StringBuilder("invalid conversion specifier '%");
        for (int i = at; i < end && format[i] != 0; i++) {
            message.append((char) (format[i] & 0xff));
        }
        return new TextError(1, message.append('\'').toString());
    }

    private static void convert(ByteBuilder out, int conversion, CalendarTime t) {
        switch (conversion) {
            case 'a' -> out.append(DAYS[t.weekday()].substring(0, 3));
            case 'A' -> out.append(DAYS[t.weekday()]);
            case 'b', 'h' -> out.append(MONTHS[t.month() - 1].substring(0, 3));
            case 'B' -> out.append(MONTHS[t.month() - 1]);
            case 'c' -> all(out, "a b e T Y", t);
            case 'C' -> number(out, Math.floorDiv(t.year(), 100L), 1, '0');
            case 'd' -> number(out, t.day(), 2, '0');
            case 'D', 'x' -> {
                number(out, t.month(), 2, '0');
                number(out.append('/'), t.day(), 2, '0');
                number(out.append('/'), Math.floorMod(t.year(), 100L), 2, '0');
            }
            case 'e' -> number(out, t.day(), 2, ' ');
            case 'F' -> {
                number(out, t.year(), 1, '0');
                number(out.append('-'), t.month(), 2, '0');
                number(out.append('-'), t.day(), 2, '0');
            }
            case 'g' -> number(out, Math.floorMod(isoYear(t), 100L), 2, '0');
            case 'G' -> number(out, isoYear(t), 1, '0');
            case 'H' -> number(out, t.hour(), 2, '0');
            case 'I' -> number(out, t.hour() % 12 == 0 ? 12 : t.hour() % 12, 2, '0');
            case 'j' -> number(out, t.yearDay() + 1, 3, '0');
            case 'm' -> number(out, t.month(), 2, '0');
            case 'M' -> number(out, t.minute(), 2, '0');
            case 'n' -> out.append('\n');
            case 'p' -> out.append(t.hour() < 12 ? "AM" : "PM");
            case 'r' ->
                all(clock(out, t.hour() % 12 == 0 ? 12 : t.hour() % 12, t, true).append(' '), "p", t);
            case 'R' -> clock(out, t.hour(), t, false);
            case 'S' -> number(out, t.second(), 2, '0');
            case 't' -> out.append('\t');
            case 'T', 'X' -> clock(out, t.hour(), t, true);
            case 'u' -> number(out, t.weekday() == 0 ? 7 : t.weekday(), 1, '0');
            case 'U' -> number(out, (t.yearDay() + 7 - t.weekday()) / 7, 2, '0');
            case 'V' -> number(out, isoWeek(t), 2, '0');
            case 'w' -> number(out, t.weekday(), 1, '0');
            case 'W' -> number(out, (t.yearDay() + 7 - (t.weekday() + 6) % 7) / 7, 2, '0');
            case 'y' -> number(out, Math.floorMod(t.year(), 100L), 2, '0');
            case 'Y' -> number(out, t.year(), 1, '0');
            case 'z' -> {
                int minutes = Math.abs(t.offsetSeconds()) / 60;
                out.append(t.offsetSeconds() < 0 ? '-' : '+');
                number(out, minutes / 60 * 100 + minutes % 60, 4, '0');
            }
            case 'Z' -> out.append(t.zoneName());
            default -> out.append('%');
        }
    }

    /** Several conversions, written as their letters with a blank between. */
    private static void all(ByteBuilder out, String conversions, CalendarTime time) {
        for (int i = 0; i < conversions.length(); i++) {
            if (conversions.charAt(i) == ' ') {
                out.append(' ');
            } else {
                convert(out, conversions.charAt(i), time);
            }
        }
    }

    private static ByteBuilder clock(ByteBuilder out, int hour, CalendarTime t, boolean seconds) {
        number(out, hour, 2, '0');
        number(out.append(':'), t.minute(), 2, '0');
        if (seconds) {
            number(out.append(':'), t.second(), 2, '0');
        }
        return out;
    }

    private static void number(ByteBuilder out, long value, int width, char fill) {
        String digits = Long.toString(Math.abs(value));
        if (value < 0) {
            out.append('-');
        }
        out.appendRepeated(fill, width - digits.length() - (value < 0 ? 1 : 0));
        out.append(digits);
    }

    /** The week by ISO 8601: weeks begin on Monday and belong to the year that has their Thursday. */
    private static int isoWeek(CalendarTime t) {
        int week = weekOf(t);
        if (week == 0) {
            return weeksIn(t.year() - 1);
        }
        return week > weeksIn(t.year()) ? 1 : week;
    }

    private static long isoYear(CalendarTime t) {
        int week = weekOf(t);
        if (week == 0) {
            return t.year() - 1;
        }
        return week > weeksIn(t.year()) ? t.year() + 1 : t.year();
    }

    private static int weekOf(CalendarTime t) {
        int isoWeekday = t.weekday() == 0 ? 7 : t.weekday();
        return (t.yearDay() + 1 - isoWeekday + 10) / 7;
    }

    /** A year has 53 weeks if it ends on a Thursday or the year before ended on a Wednesday. */
    private static int weeksIn(long year) {
        return lastWeekday(year) == 4 || lastWeekday(year - 1) == 3 ? 53 : 52;
    }

    private static int lastWeekday(long year) {
        long days = year + Math.floorDiv(year, 4L) - Math.floorDiv(year, 100L) + Math.floorDiv(year, 400L);
        return (int) Math.floorMod(days, 7L);
    }
}
