package io.memroute.proxy.config;

import io.memroute.lua.LuaString;
import java.util.Objects;

/**
 * A file of Lua as it was when the configuration was loaded.
 *
 * @param name as it was named when it was loaded
 * @param text its bytes
 */
public record HandlerFile(String name, LuaString text) {

    public HandlerFile {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(text, "text");
    }
}
