package io.memroute.lua.lib;

import io.memroute.lua.LuaString;
import io.memroute.lua.text.Pattern;

/** The patterns a state used last, taken apart already: one place for each hash, the newer pattern wins it. */
final class PatternCache {
    /** A program rarely has more patterns in use at a time. A power of two. */
    private static final int PLACES = 128;

    /** Longer patterns are made by programs, hardly twice the same. */
    private static final int LONGEST = 256;

    private final LuaString[] texts = new LuaString[PLACES];
    private final Pattern[] patterns = new Pattern[PLACES];

    Pattern get(LuaString text) {
        int place = text.hashCode() & PLACES - 1;
        LuaString known = texts[place];
        if (known == text || (known != null && known.equals(text))) {
            return patterns[place];
        }
        Pattern pattern = Pattern.compile(text.bytes(), 0, text.length());
        if (text.length() <= LONGEST) {
            texts[place] = text;
            patterns[place] = pattern;
        }
        return pattern;
    }
}
