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
            where = new SourceLocation(matcher.group("file"), Integer.parseInt(matcher.group("line")));
            message = message.substring(matcher.end());
        }
        return at(where, doing.isEmpty() ? message : doing + ": " + message);
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
