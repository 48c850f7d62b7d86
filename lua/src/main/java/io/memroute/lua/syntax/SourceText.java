package io.memroute.lua.syntax;

import io.memroute.lua.LuaString;

/**
 * The text that a chunk's functions share.
 *
 * @param name the chunk name as given to {@code load}
 * @param displayName the name as messages show it
 * @param text the text itself, which {@code string.dump} gives
 * @param budgeted whether the code counts its steps
 */
public record SourceText(LuaString name, String displayName, byte[] text, boolean budgeted) {

    /** Whether it comes from a stripped dump: it then has no lines to show. */
    public boolean isStripped() {
        return displayName.equals("?");
    }
}
