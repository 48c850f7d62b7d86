package io.memroute.proxy.script.load;

import io.memroute.lua.Args;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code mcp.server_stats}: the lines of a {@code stats} reply as a table of texts.
 *
 * @see "docs/reference/proxy-api.md section 2.3"
 */
final class StatsTable {

    private static final List<String> SECTIONS =
            List.of("settings", "conns", "extstore", "proxy", "proxyfuncs", "proxybe", "items", "slabs", "sizes");

    /** Sections with lines about numbered things, each of which has a table of its own. */
    private static final Set<String> NUMBERED = Set.of("conns", "items", "slabs");

    private static final Pattern NUMBERED_NAME = Pattern.compile("(?:items:)?(?<number>-?\\d{1,18}):(?<name>.+)");

    private static final String LINE_START = "STAT ";

    private StatsTable() {}

    /** @param section nil for the general statistics */
    static LuaTable read(LuaState L, Object section, ScriptHost host) {
        String name = section == null ? "" : Args.string(L, section, 1).toString();
        if (section != null && !SECTIONS.contains(name)) {
            throw new LuaError("unknown subcommand passed to server_stats");
        }
        ByteBuf reply = Unpooled.buffer();
        host.writeStats(name, reply);
        LuaTable table = new LuaTable();
        for (String line : reply.toString(StandardCharsets.ISO_8859_1).split("\r\n")) {
            int space = line.indexOf(' ', LINE_START.length());
            if (line.startsWith(LINE_START) && space > 0) {
                put(table, NUMBERED.contains(name), line.substring(LINE_START.length(), space), text(line, space + 1));
            }
        }
        return table;
    }

    private static LuaString text(String line, int from) {
        return LuaString.wrap(line.substring(from).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void put(LuaTable table, boolean numbered, String name, LuaString value) {
        Matcher matcher = NUMBERED_NAME.matcher(name);
        if (!numbered || !matcher.matches()) {
            table.put(text(name, 0), value);
            return;
        }
        Long number = Long.valueOf(matcher.group("number"));
        LuaTable one = (LuaTable) table.get(number);
        if (one == null) {
            one = new LuaTable();
            table.put(number, one);
        }
        one.put(text(matcher.group("name"), 0), value);
    }
}
