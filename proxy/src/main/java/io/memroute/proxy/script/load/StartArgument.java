package io.memroute.proxy.script.load;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import java.util.Optional;

/**
 * {@code mcp.start_arg}: the value of {@code proxy_arg}.
 *
 * @see "docs/reference/proxy-api.md section 2.6"
 */
final class StartArgument {

    private StartArgument() {}

    /** False without an argument, the text itself if it has no colon, else a table of its parts. */
    static Object value(Optional<String> argument) {
        if (argument.isEmpty()) {
            return Boolean.FALSE;
        }
        String text = argument.get();
        if (text.indexOf(':') < 0) {
            return LuaString.of(text);
        }
        LuaTable table = new LuaTable();
        for (String part : text.split(":")) {
            String[] pieces = part.split("_+");
            // A part that begins with underscores has an empty first piece, which does not count.
            int first = pieces.length > 0 && pieces[0].isEmpty() ? 1 : 0;
            if (first < pieces.length && !pieces[first].isEmpty()) {
                table.put(pieces[first], first + 1 < pieces.length ? LuaString.of(pieces[first + 1]) : Boolean.TRUE);
            }
        }
        return table;
    }
}
