package io.memroute.proxy.config.library;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.Results;
import io.memroute.proxy.config.Zone;
import io.memroute.proxy.config.source.FileBytes;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.SourceFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@code local_zone}, {@code local_zone_from_env} and {@code local_zone_from_file}: which zone this proxy is in. */
public final class LocalZone {

    private final Recording recorded;
    private final SourceFiles sources;
    private final Findings findings;

    LocalZone(Recording recorded, SourceFiles sources, Findings findings) {
        this.recorded = recorded;
        this.sources = sources;
        this.findings = findings;
    }

    void open(LuaState lua) {
        lua.setGlobal("local_zone", LuaFunction.of("local_zone", (L, zone) -> getOrSet(L, zone)));
        lua.setGlobal("local_zone_from_env", LuaFunction.of("local_zone_from_env", (L, name) -> {
            fromEnvironment(L, name);
            return Results.NONE;
        }));
        lua.setGlobal("local_zone_from_file", LuaFunction.of("local_zone_from_file", (L, path) -> {
            fromFile(L, path);
            return Results.NONE;
        }));
    }

    private @Nullable Object getOrSet(LuaState lua, @Nullable Object zone) {
        switch (zone) {
            case LuaString name -> {
                set(lua, name.toString(), "local_zone", name);
                return Results.NONE;
            }
            case null -> {
                return current();
            }
            case Boolean set
            when !set -> {
                return current();
            }
            default -> {
                fail("local_zone", lua, "expected the name of a zone, got " + LuaValues.describe(zone));
                return Results.NONE;
            }
        }
    }

    private @Nullable Object current() {
        Zone zone = recorded.localZone;
        return zone == null ? null : LuaString.of(zone.name());
    }

    private void set(LuaState lua, String zone, String function, LuaString argument) {
        recorded.localZone = new Zone(
                zone,
                function + "(" + LuaValues.describe(argument) + ")",
                sources.callOf(function, lua).where());
    }

    private void fromEnvironment(LuaState lua, Object variable) {
        if (!(variable instanceof LuaString name)) {
            fail(
                    "local_zone_from_env",
                    lua,
                    "expected the name of an environment variable, got " + LuaValues.describe(variable));
            return;
        }
        String zone = lua.host().environment(name.toString());
        if (zone == null) {
            fail("local_zone_from_env", lua, "the environment variable " + LuaValues.describe(name) + " is not set");
        } else {
            set(lua, zone, "local_zone_from_env", name);
        }
    }

    /** The first line of the file. */
    private void fromFile(LuaState lua, Object path) {
        if (!(path instanceof LuaString name)) {
            fail("local_zone_from_file", lua, "expected the path of a file, got " + LuaValues.describe(path));
            return;
        }
        try {
            Path file = lua.host().file(lua, "local_zone_from_file", name.toString(), false);
            String first = new String(FileBytes.readRegular(file), UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
            if (first.isBlank()) {
                fail("local_zone_from_file", lua, "the first line of " + LuaValues.describe(name) + " is empty");
            } else {
                set(lua, first, "local_zone_from_file", name);
            }
        } catch (IOException e) {
            fail("local_zone_from_file", lua, "cannot read " + LuaValues.describe(name) + ": " + FileBytes.reason(e));
        }
    }

    private void fail(String function, LuaState lua, String problem) {
        findings.error(sources.callOf(function, lua).where(), function + ": " + problem);
    }
}
