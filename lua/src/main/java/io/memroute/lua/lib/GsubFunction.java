package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Metatables;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import io.memroute.lua.text.Ascii;
import io.memroute.lua.text.ByteBuilder;
import io.memroute.lua.text.ByteSearch;
import io.memroute.lua.text.NumberText;
import io.memroute.lua.text.PatternMatcher;
import io.memroute.lua.text.TextError;
import io.memroute.lua.text.WorkMeter;

/**
 * {@code string.gsub} (manual section 6.4). The replacement may be a string, a table or a function; functions may
 * yield.
 */
final class GsubFunction extends VarFunction {
    private final PatternCache cache;
    private final WorkMeter meter;
    private final ScratchBuffers buffers = new ScratchBuffers();

    GsubFunction(PatternCache cache, WorkMeter meter) {
        super("gsub");
        this.cache = cache;
        this.meter = meter;
    }

    @Override
    public Object invoke(LuaState L, Object[] args) {
        LuaString subject = Args.string(L, args, 1);
        LuaString text = Args.string(L, args, 2);
        Object replacement = Args.at(args, 3);
        if (replacement instanceof Long || replacement instanceof Double) {
            replacement = LuaNumber.toString(replacement);
        } else if (!(replacement instanceof LuaString
                || replacement instanceof LuaTable
                || replacement instanceof LuaFunction)) {
            String got = args.length < 3 ? "no value" : Metatables.typeNameForMessages(L, replacement);
            throw Args.bad(L, 3, "string/function/table expected, got " + got);
        }
        long limit = Args.optInteger(L, args, 4, subject.length() + 1L);
        PatternMatcher matcher = new PatternMatcher(cache.get(text), subject.bytes(), 0, subject.length(), meter);
        boolean once = text.length() > 0 && text.byteAt(0) == '^';
        ByteBuilder out = buffers.take(L);
        try {
            return substitute(L, subject, matcher, replacement, once ? Math.min(limit, 1) : limit, out);
        } catch (TextError e) {
            throw TextErrors.raise(L, e);
        } finally {
            buffers.give(out);
        }
    }

    private static Object substitute(
            LuaState L, LuaString subject, PatternMatcher matcher, Object replacement, long limit, ByteBuilder out) {
        byte[] bytes = subject.bytes();
        int length = bytes.length;
        boolean template =
                replacement instanceof LuaString s && ByteSearch.indexOf(s.bytes(), 0, s.length(), (byte) '%') >= 0;
        int copied = 0;
        int from = 0;
        int lastEnd = -1;
        long count = 0;
        boolean changed = false;
        while (count < limit && from <= length && matcher.find(from)) {
            int start = matcher.start();
            int end = matcher.end();
            if (end == lastEnd) {
                // An empty match right behind the last one does not count.
                from = start + 1;
                continue;
            }
            count++;
            out.append(bytes, copied, start - copied);
            if (replacement instanceof LuaString s) {
                if (template) {
                    expand(L, subject, matcher, s.bytes(), out);
                } else {
                    out.append(s.bytes());
                }
                changed = true;
            } else {
                Object value = replacement instanceof LuaTable t
                        ? L.index(t, PatternFunctions.capture(matcher, subject, 0))
                        : callback(L, subject, matcher, (LuaFunction) replacement);
                changed |= appendValue(L, value, bytes, start, end, out);
            }
            copied = from = lastEnd = end;
            L.charge(1);
        }
        if (!changed) {
            return Results.of(subject, count);
        }
        out.append(bytes, copied, length - copied);
        L.reserve(out.length());
        return Results.of(LuaString.copyOf(out.array(), 0, out.length()), count);
    }

    private static Object callback(LuaState L, LuaString subject, PatternMatcher matcher, LuaFunction function) {
        int count = matcher.captureCount();
        Object first = PatternFunctions.capture(matcher, subject, 0);
        if (count <= 1) {
            return Results.first(L.call(function, first));
        }
        if (count == 2) {
            return Results.first(L.call(function, first, PatternFunctions.capture(matcher, subject, 1)));
        }
        Object[] all = new Object[count];
        all[0] = first;
        for (int i = 1; i < count; i++) {
            all[i] = PatternFunctions.capture(matcher, subject, i);
        }
        return Results.first(L.invoke(function, all));
    }

    /** Appends what a table or function gave; false and nil keep the match. Returns whether anything changed. */
    private static boolean appendValue(LuaState L, Object value, byte[] bytes, int start, int end, ByteBuilder out) {
        switch (value) {
            case LuaString s -> out.append(s.bytes());
            case Long n -> NumberText.append(out, n.longValue());
            case Double n -> NumberText.append(out, n.doubleValue());
            case null -> out.append(bytes, start, end - start);
            default -> {
                if (value != Boolean.FALSE) {
                    throw L.error("invalid replacement value (a " + Metatables.typeNameForMessages(L, value) + ")");
                }
                out.append(bytes, start, end - start);
            }
        }
        return value != null && value != Boolean.FALSE;
    }

    /** Appends a replacement string with its {@code %0} to {@code %9} and {@code %%} filled in. */
    private static void expand(
            LuaState L, LuaString subject, PatternMatcher matcher, byte[] template, ByteBuilder out) {
        int at = 0;
        while (at < template.length) {
            int escape = ByteSearch.indexOf(template, at, template.length, (byte) '%');
            if (escape < 0) {
                out.append(template, at, template.length - at);
                return;
            }
            out.append(template, at, escape - at);
            int c = escape + 1 < template.length ? template[escape + 1] : 0;
            if (c == '%') {
                out.append('%');
            } else if (c == '0') {
                out.append(subject.bytes(), matcher.start(), matcher.end() - matcher.start());
            } else if (Ascii.isDigit(c)) {
                int end = matcher.captureEnd(c - '1');
                int start = matcher.captureStart(c - '1');
                if (end < 0) {
                    NumberText.append(out, start + 1L);
                } else {
                    out.append(subject.bytes(), start, end - start);
                }
            } else {
                throw L.error("invalid use of '%' in replacement string");
            }
            at = escape + 2;
        }
    }
}
