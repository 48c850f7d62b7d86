package io.memroute.proxy.explain.editor;

import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.library.McpConstants;
import io.memroute.proxy.config.source.LuaValues;

/** The numbers of the table {@code mcp} for the Lua language server. */
public final class ConstantAnnotations {

    private ConstantAnnotations() {}

    /** Returns a file in Lua that assigns every number. */
    public static String text() {
        LuaTable constants = new LuaTable();
        McpConstants.addTo(constants);
        StringBuilder text = new StringBuilder("---@meta\n\n-- The numbers that Lua code knows by name.\n");
        LuaValues.inOrder(constants)
                .forEach(entry -> text.append("mcp.")
                        .append(entry.plainKey())
                        .append(" = ")
                        .append(entry.value())
                        .append('\n'));
        return text.toString();
    }
}
