package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.Function0;
import io.memroute.lua.Function3;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import io.memroute.lua.text.ByteSearch;
import io.memroute.lua.text.Pattern;
import io.memroute.lua.text.PatternMatcher;
import io.memroute.lua.text.TextError;
import io.memroute.lua.text.WorkMeter;

/**
 * {@code find}, {@code match} and {@code gmatch} of the {@code string} library; {@code gsub} is {@link GsubFunction}.
 */
final class PatternFunctions {
    private PatternFunctions() {}

    static void addTo(LuaTable library, LuaState L) {
        PatternCache cache = new PatternCache();
        WorkMeter meter = L.meter();
        library.put("find", new Find(cache, meter));
        library.put("match", new Match(cache, meter));
        library.put("gmatch", new Gmatch(cache, meter));
        library.put("gsub", new GsubFunction(cache, meter));
    }

    /** Capture {@code index} of the last match as a Lua value: a string, or a position counted from 1. */
    static Object capture(PatternMatcher matcher, LuaString subject, int index) {
        int end = matcher.captureEnd(index);
        int start = matcher.captureStart(index);
        return end < 0 ? (Object) (start + 1L) : subject.substring(start, end);
    }

    /** All captures, or the whole match if the pattern has none. */
    private static Object captures(PatternMatcher matcher, LuaString subject) {
        int count = matcher.captureCount();
        if (count <= 1) {
            return capture(matcher, subject, 0);
        }
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
            values[i] = capture(matcher, subject, i);
        }
        return Results.of(values);
    }

    private static final class Find extends VarFunction {
        private final PatternCache cache;
        private final WorkMeter meter;

        Find(PatternCache cache, WorkMeter meter) {
            super("find");
            this.cache = cache;
            this.meter = meter;
        }

        @Override
        public Object call(LuaState L, Object text, Object pattern) {
            return find(L, Args.string(L, text, 1), Args.string(L, pattern, 2), 1, false);
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            LuaString subject = Args.string(L, args, 1);
            LuaString pattern = Args.string(L, args, 2);
            return find(L, subject, pattern, Args.optInteger(L, args, 3, 1), Args.truth(Args.at(args, 4)));
        }

        private Object find(LuaState L, LuaString subject, LuaString text, long init, boolean plain) {
            int length = subject.length();
            long from = Positions.start(init, length) - 1;
            if (from > length) {
                return null;
            }
            Pattern pattern = plain ? null : cache.get(text);
            if (pattern == null || pattern.isLiteral()) {
                L.chargeBytes(length - from);
                int at = ByteSearch.indexOf(subject.bytes(), (int) from, length, text.bytes(), 0, text.length());
                return at < 0 ? null : Results.of(at + 1L, (long) at + text.length());
            }
            try {
                PatternMatcher matcher = new PatternMatcher(pattern, subject.bytes(), 0, length, meter);
                if (!matcher.find((int) from)) {
                    return null;
                }
                int count = matcher.captureCount();
                Object[] results = new Object[2 + count];
                results[0] = matcher.start() + 1L;
                results[1] = (long) matcher.end();
                for (int i = 0; i < count; i++) {
                    results[2 + i] = capture(matcher, subject, i);
                }
                return Results.of(results);
            } catch (TextError e) {
                throw TextErrors.raise(L, e);
            }
        }
    }

    private static final class Match extends Function3 {
        private final PatternCache cache;
        private final WorkMeter meter;

        Match(PatternCache cache, WorkMeter meter) {
            super("match");
            this.cache = cache;
            this.meter = meter;
        }

        @Override
        public Object call(LuaState L, Object text, Object pattern, Object init) {
            LuaString subject = Args.string(L, text, 1);
            LuaString wanted = Args.string(L, pattern, 2);
            int length = subject.length();
            long from = init == null ? 0 : Positions.start(Args.integer(L, init, 3), length) - 1;
            if (from > length) {
                return null;
            }
            try {
                PatternMatcher matcher = new PatternMatcher(cache.get(wanted), subject.bytes(), 0, length, meter);
                return matcher.find((int) from) ? captures(matcher, subject) : null;
            } catch (TextError e) {
                throw TextErrors.raise(L, e);
            }
        }
    }

    private static final class Gmatch extends Function3 {
        private final PatternCache cache;
        private final WorkMeter meter;

        Gmatch(PatternCache cache, WorkMeter meter) {
            super("gmatch");
            this.cache = cache;
            this.meter = meter;
        }

        @Override
        public Object call(LuaState L, Object text, Object pattern, Object init) {
            LuaString subject = Args.string(L, text, 1);
            LuaString wanted = Args.string(L, pattern, 2);
            int length = subject.length();
            long from = init == null ? 0 : Positions.start(Args.integer(L, init, 3), length) - 1;
            boolean caret = wanted.length() > 0 && wanted.byteAt(0) == '^';
            Pattern compiled =
                    caret ? Pattern.compileUnanchored(wanted.bytes(), 0, wanted.length()) : cache.get(wanted);
            PatternMatcher matcher = new PatternMatcher(compiled, subject.bytes(), 0, length, meter);
            return new Matches(subject, matcher, (int) Math.min(from, length + 1L));
        }
    }

    /** The iterator of {@code gmatch}. */
    private static final class Matches extends Function0 {
        private final LuaString subject;
        private final PatternMatcher matcher;
        private int from;
        private int lastEnd = -1;

        Matches(LuaString subject, PatternMatcher matcher, int from) {
            super("gmatch");
            this.subject = subject;
            this.matcher = matcher;
            this.from = from;
        }

        @Override
        public Object call(LuaState L) {
            try {
                while (from <= subject.length() && matcher.find(from)) {
                    int end = matcher.end();
                    if (end != lastEnd) {
                        from = lastEnd = end;
                        return captures(matcher, subject);
                    }
                    from = matcher.start() + 1;
                }
                from = subject.length() + 1;
                return Results.NONE;
            } catch (TextError e) {
                throw TextErrors.raise(L, e);
            }
        }
    }
}
