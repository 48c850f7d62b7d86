package io.memroute.lua.lib.file;

import io.memroute.lua.Args;
import io.memroute.lua.Function1;
import io.memroute.lua.Function2;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.lib.TextErrors;
import io.memroute.lua.text.ByteBuilder;
import io.memroute.lua.text.CalendarTime;
import io.memroute.lua.text.DateFormat;
import io.memroute.lua.text.TextError;
import java.time.ZoneId;

/** {@code date}, {@code time} and {@code difftime} of the {@code os} library (manual section 6.9). */
final class DateFunctions {
    private static final LuaString DEFAULT_FORMAT = LuaString.constant("%c");
    private static final String BEYOND_RANGE = " result cannot be represented in this installation";

    private DateFunctions() {}

    static void addTo(LuaTable library) {
        library.put("date", new Date());
        library.put("time", new Time());
        library.put("difftime", new DiffTime());
    }

    private static void fill(LuaTable table, CalendarTime time) {
        table.put("year", time.year()).put("month", (long) time.month()).put("day", (long) time.day());
        table.put("hour", (long) time.hour()).put("min", (long) time.minute()).put("sec", (long) time.second());
        table.put("yday", time.yearDay() + 1L).put("wday", time.weekday() + 1L).put("isdst", time.daylight());
    }

    private static final class Date extends Function2 {
        Date() {
            super("date");
        }

        @Override
        public Object call(LuaState L, Object text, Object moment) {
            LuaString format = Args.optString(L, text, 1, DEFAULT_FORMAT);
            long seconds = moment == null ? now() : Args.integer(L, moment, 2);
            byte[] bytes = format.bytes();
            int from = bytes.length > 0 && bytes[0] == '!' ? 1 : 0;
            CalendarTime time = CalendarTime.at(seconds, from == 1 ? CalendarTime.UTC : ZoneId.systemDefault());
            if (time == null) {
                throw L.error("date" + BEYOND_RANGE);
            }
            if (wantsTable(bytes, from)) {
                LuaTable table = new LuaTable(0, 9);
                fill(table, time);
                return table;
            }
            try {
                ByteBuilder out = new ByteBuilder(64);
                DateFormat.append(out, bytes, from, bytes.length - from, time);
                return LuaString.copyOf(out.array(), 0, out.length());
            } catch (TextError e) {
                throw TextErrors.raise(L, e);
            }
        }
    }

    /** Whether the format is {@code *t}, as a string of C that ends at a zero byte. */
    private static boolean wantsTable(byte[] format, int from) {
        return format.length >= from + 2
                && format[from] == '*'
                && format[from + 1] == 't'
                && (format.length == from + 2 || format[from + 2] == 0);
    }

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }

    private static final class Time extends Function1 {
        Time() {
            super("time");
        }

        @Override
        public Object call(LuaState L, Object fields) {
            if (fields == null) {
                return now();
            }
            LuaTable table = Args.table(L, fields, 1);
            long year = field(L, table, "year", -1, 1900);
            long month = field(L, table, "month", -1, 1);
            long day = field(L, table, "day", -1, 0);
            long hour = field(L, table, "hour", 12, 0);
            long minute = field(L, table, "min", 0, 0);
            long second = field(L, table, "sec", 0, 0);
            Object daylight = L.index(table, LuaString.constant("isdst"));
            ZoneId zone = ZoneId.systemDefault();
            int saving = daylight == null ? -1 : Args.truth(daylight) ? 1 : 0;
            long moment = CalendarTime.toEpochSeconds(year + 1900, month + 1, day, hour, minute, second, saving, zone);
            CalendarTime normal = CalendarTime.at(moment, zone);
            if (normal == null || moment == -1) {
                throw L.error("time" + BEYOND_RANGE);
            }
            fill(table, normal);
            return moment;
        }

        /** A field less {@code delta}, as C's {@code struct tm} counts it; it must fit C's int. */
        private static long field(LuaState L, LuaTable table, String key, long otherwise, long delta) {
            Object value = L.index(table, LuaString.constant(key));
            Long number = LuaNumber.toInteger(value);
            if (number == null) {
                if (value != null) {
                    throw L.error("field '" + key + "' is not an integer");
                }
                if (otherwise < 0) {
                    throw L.error("field '" + key + "' missing in date table");
                }
                return otherwise;
            }
            boolean fits = number >= 0 ? number - delta <= Integer.MAX_VALUE : Integer.MIN_VALUE + delta <= number;
            if (!fits) {
                throw L.error("field '" + key + "' is out-of-bound");
            }
            return number - delta;
        }
    }

    private static final class DiffTime extends Function2 {
        DiffTime() {
            super("difftime");
        }

        @Override
        public Object call(LuaState L, Object later, Object earlier) {
            long end = Args.integer(L, later, 1);
            return (double) end - (double) Args.integer(L, earlier, 2);
        }
    }
}
