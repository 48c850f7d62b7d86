package io.memroute.lua.lib;

import io.memroute.lua.LuaString;
import io.memroute.lua.Results;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Map;

/**
 * A failure of the operating system as scripts know it: the text of C's {@code strerror} and the number of
 * {@code errno}, as on Linux.
 */
public record SystemError(String message, long number) {
    private static final Map<String, Long> NUMBERS = Map.ofEntries(
            Map.entry("Operation not permitted", 1L),
            Map.entry("No such file or directory", 2L),
            Map.entry("Input/output error", 5L),
            Map.entry("No such device or address", 6L),
            Map.entry("Bad file descriptor", 9L),
            Map.entry("Permission denied", 13L),
            Map.entry("Device or resource busy", 16L),
            Map.entry("File exists", 17L),
            Map.entry("Invalid cross-device link", 18L),
            Map.entry("Not a directory", 20L),
            Map.entry("Is a directory", 21L),
            Map.entry("Invalid argument", 22L),
            Map.entry("Too many open files", 24L),
            Map.entry("Text file busy", 26L),
            Map.entry("File too large", 27L),
            Map.entry("No space left on device", 28L),
            Map.entry("Illegal seek", 29L),
            Map.entry("Read-only file system", 30L),
            Map.entry("Broken pipe", 32L),
            Map.entry("File name too long", 36L),
            Map.entry("Directory not empty", 39L),
            Map.entry("Too many levels of symbolic links", 40L));

    /** EIO, for failures that Java reports in words of its own. */
    private static final long OTHER = 5;

    public static SystemError of(IOException e) {
        String text = switch (e) {
            case NoSuchFileException x -> "No such file or directory";
            case AccessDeniedException x -> "Permission denied";
            case FileAlreadyExistsException x -> "File exists";
            case DirectoryNotEmptyException x -> "Directory not empty";
            case NotDirectoryException x -> "Not a directory";
            case FileSystemException x when x.getReason() != null -> x.getReason();
            default -> e.getMessage() == null ? "Input/output error" : e.getMessage();
        };
        return new SystemError(text, NUMBERS.getOrDefault(text, OTHER));
    }

    /**
     * The results of a failed function: nil, the message (with the file's name in front, if there is one) and the
     * number.
     */
    public Object results(LuaString fileName) {
        LuaString text = LuaString.of(fileName == null ? message : fileName + ": " + message);
        return Results.of(null, text, number);
    }
}
