package io.memroute.proxy.config.library;

import io.memroute.lua.LuaTable;
import io.memroute.protocol.Command;
import io.memroute.protocol.ReplyType;
import java.util.Locale;

/**
 * The numbers that Lua code knows by name, the same wherever there is a table {@code mcp}.
 *
 * @see "docs/reference/proxy-api.md section 2.2"
 */
public final class McpConstants {

    public static final int END_STORAGE = 21;
    /** Every command. */
    public static final int ANY = 36;
    /** Every storage command. */
    public static final int ANY_STORAGE = 37;

    public static final long WAIT_ANY = 1;
    public static final long WAIT_OK = 2;
    public static final long WAIT_GOOD = 3;
    public static final long WAIT_FASTGOOD = 4;

    public static final long RES_GOOD = 8;
    public static final long RES_OK = 16;
    public static final long RES_ANY = 32;

    private McpConstants() {}

    /** Adds them to the table {@code mcp}. */
    public static void addTo(LuaTable mcp) {
        for (Command command : Command.values()) {
            if (command != Command.UNKNOWN) {
                mcp.put("CMD_" + command.word().toUpperCase(Locale.ROOT), (long) command.id());
            }
        }
        mcp.put("CMD_END_STORAGE", (long) END_STORAGE);
        mcp.put("CMD_ANY", (long) ANY);
        mcp.put("CMD_ANY_STORAGE", (long) ANY_STORAGE);
        code(mcp, "STORED", ReplyType.STORED);
        code(mcp, "EXISTS", ReplyType.EXISTS);
        code(mcp, "DELETED", ReplyType.DELETED);
        code(mcp, "TOUCHED", ReplyType.TOUCHED);
        code(mcp, "VERSION", ReplyType.VERSION);
        code(mcp, "NOT_FOUND", ReplyType.NOT_FOUND);
        code(mcp, "NOT_STORED", ReplyType.NOT_STORED);
        code(mcp, "OK", ReplyType.OK);
        code(mcp, "NOP", ReplyType.MN);
        code(mcp, "END", ReplyType.END);
        code(mcp, "ERROR", ReplyType.ERROR);
        code(mcp, "CLIENT_ERROR", ReplyType.CLIENT_ERROR);
        code(mcp, "SERVER_ERROR", ReplyType.SERVER_ERROR);
        mcp.put("MCMC_ERR", -1L);
        mcp.put("P_OK", 0L);
        mcp.put("WAIT_ANY", WAIT_ANY);
        mcp.put("WAIT_OK", WAIT_OK);
        mcp.put("WAIT_GOOD", WAIT_GOOD);
        mcp.put("WAIT_FASTGOOD", WAIT_FASTGOOD);
        mcp.put("WAIT_RESUME", Boolean.TRUE);
        mcp.put("RES_GOOD", RES_GOOD);
        mcp.put("RES_OK", RES_OK);
        mcp.put("RES_ANY", RES_ANY);
    }

    private static void code(LuaTable mcp, String name, ReplyType type) {
        mcp.put("MCMC_CODE_" + name, (long) type.code());
    }
}
