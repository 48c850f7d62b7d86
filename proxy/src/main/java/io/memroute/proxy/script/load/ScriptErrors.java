package io.memroute.proxy.script.load;

import io.memroute.lua.LuaError;
import io.memroute.proxy.config.ConfigError;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.source.LuaBounds;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns Lua's errors into errors of a configuration. */
public final class ScriptErrors {

    /** The place that Lua puts in front of a message. */
    private static final Pattern PLACE = Pattern.compile("^(?<file>[^\\n]*?):(?<line>\\d+): ");

    /** A call in Lua code, in a traceback. */
    private static final Pattern CALL = Pattern.compile("\\n\\t(?<file>[^\\n\\[]*?):(?<line>\\d+): in ");

    private ScriptErrors() {}

    /**
     * @param doing the step that failed, put before the message; may be empty
     * @param file to name if the message names no place
     */
    public static ConfigException of(LuaError error, String doing, String file) {
        return of(error, doing, new SourceLocation(file, 0));
    }

    /** @param otherwise the place to name if the message names none */
    public static ConfigException of(LuaError error, String doing, SourceLocation otherwise) {
        String message = error.getMessage() + LuaBounds.hint(error);
        Matcher matcher = PLACE.matcher(message);
        SourceLocation where = otherwise;
        if (matcher.find()) {
            where = place(matcher);
            message = message.substring(matcher.end());
        } else if (error.traceback() != null) {
            // A function of mcp says what is wrong, as memcached's does, but not where it was called.
            Matcher call = CALL.matcher(error.traceback());
            where = call.find() ? place(call) : otherwise;
        }
        return at(where, doing.isEmpty() ? message : doing + ": " + message);
    }

    private static SourceLocation place(Matcher found) {
        return new SourceLocation(found.group("file"), Integer.parseInt(found.group("line")));
    }

    public static ConfigException at(SourceLocation where, String message) {
        return new ConfigException(List.of(new ConfigError(where, message.strip())));
    }

    /** The reason for which a file cannot be read, without its name. */
    static String reason(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file";
            case AccessDeniedException denied -> "permission denied";
            default -> e.getMessage() != null ? e.getMessage() : e.toString();
        };
    }
}
