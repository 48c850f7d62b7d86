package io.memroute.proxy.config.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.lua.CallLevel;
import io.memroute.lua.CallStack;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.load.Chunk;
import io.memroute.proxy.config.SourceLines;
import io.memroute.proxy.config.SourceLocation;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of one load: names them in full, and says where in them a call of a library function stands. */
public final class SourceFiles implements SourceLines {

    /** The form in which Lua puts a place in front of a message. */
    private static final Pattern PLACE = Pattern.compile("^(?<file>.*?):(?<line>\\d+): ");

    /** The form in which Lua names the token or the variable that a message is about. */
    private static final Pattern TOKEN = Pattern.compile(
            "near '(?<token>.+)'$|\\((?:global|local|field|method|upvalue|constant) '(?<name>[^']+)'\\)$");

    /** Lua cuts longer chunk names at their beginning and puts dots there ({@code LUA_IDSIZE}, less the final zero). */
    private static final int LONGEST_CHUNK_ID_BYTES = 59;

    private static final String CUT = "...";

    /**
     * The library's own function is innermost; few calls lie between it and the Lua code, as when it was given to
     * pcall.
     */
    private static final int CALL_LEVELS = 4;

    /** Says where a file is that is to be read, if it may be. */
    public interface Access {
        /** @throws IOException if it may not */
        Path file(String name) throws IOException;
    }

    private final Access access;
    private final Map<String, String> fullNames = new LinkedHashMap<>();
    private final Map<String, byte[]> texts = new LinkedHashMap<>();
    private final Map<String, ConstructorIndex> indexes = new LinkedHashMap<>();
    private final SourceLocation unknown;

    /**
     * @param main the file to name where nothing better is known
     * @param access for files that the load has not been given, but that code says it comes from
     */
    public SourceFiles(String main, Access access) {
        this.unknown = new SourceLocation(main, 0);
        this.access = access;
    }

    /**
     * Remembers a file that is about to run under the chunk name {@code @file}; it may be a pipe, which is not read
     * again.
     */
    public void add(String file, byte[] text) {
        fullNames.put(chunkId(file), file);
        texts.put(file, text);
    }

    /**
     * The text of a file; empty if there is none of that name, as when a string was loaded, or if it may not be read.
     */
    public Optional<byte[]> text(String file) {
        byte[] known = texts.get(file);
        if (known != null) {
            return Optional.of(known);
        }
        try {
            return Optional.of(FileBytes.readRegular(access.file(file)));
        } catch (IOException | InvalidPathException | LuaError e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> line(SourceLocation where) {
        return where.line() == 0
                ? Optional.empty()
                : text(where.file())
                        .flatMap(text -> new String(text, UTF_8)
                                .lines()
                                .skip(where.line() - 1L)
                                .findFirst())
                        .map(HiddenPasswords::in);
    }

    @Override
    public SourceLocation exactly(SourceLocation where, String message) {
        if (where.line() == 0 || where.column() > 0) {
            return where;
        }
        String file = fullNames.getOrDefault(where.file(), where.file());
        return new SourceLocation(file, where.line(), columnOf(message, file, where.line()));
    }

    private static String chunkId(String file) {
        byte[] bytes = file.getBytes(UTF_8);
        if (bytes.length <= LONGEST_CHUNK_ID_BYTES) {
            return file;
        }
        int kept = LONGEST_CHUNK_ID_BYTES - CUT.length();
        return CUT + new String(bytes, bytes.length - kept, kept, UTF_8);
    }

    /** The place of the Lua code that called the Java function which is running, a function of the given name. */
    public Place callOf(String function, LuaState lua) {
        SourceLocation where = lineOf(lua);
        ConstructorIndex index = index(where.file());
        return new Place.InText(
                new SourceLocation(where.file(), where.line(), index.columnOf(function, where.line())),
                index.argumentOf(function, where.line()));
    }

    /** The line of the Lua code that is running, or that called the Java function which is. */
    public SourceLocation lineOf(LuaState lua) {
        return CallStack.levels(lua, CALL_LEVELS).stream()
                .filter(level -> level.isLua() && level.line() > 0)
                .findFirst()
                .map(level -> new SourceLocation(fileOf(level), level.line()))
                .orElse(unknown);
    }

    /** The place of a name, key or string on a line of a file; without a column if it is there more than once. */
    public SourceLocation placeOf(String token, String file, int line) {
        return new SourceLocation(file, line, index(file).columnOf(token, line));
    }

    /** The files that code has come from so far, each once. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(fullNames.values());
        names.addAll(indexes.keySet());
        return names;
    }

    private static String fileOf(CallLevel level) {
        LuaString chunk = Objects.requireNonNull(level.chunkName(), "a Lua function has one");
        return chunk.toString().startsWith("@") ? chunk.toString().substring(1) : Chunk.displayName(chunk);
    }

    /** A Lua error with its place taken out of the message. */
    public record Located(SourceLocation where, String message) {}

    public Located locate(LuaError error) {
        return locate(error, unknown);
    }

    /** @param otherwise the place to name if the error names none */
    public Located locate(LuaError error, SourceLocation otherwise) {
        String message = error.getMessage() + LuaBounds.hint(error);
        Matcher matcher = PLACE.matcher(message);
        if (!matcher.find()) {
            return new Located(otherwise, message);
        }
        String file = matcher.group("file");
        String name = fullNames.getOrDefault(file, file);
        int line = Integer.parseInt(matcher.group("line"));
        String text = message.substring(matcher.end());
        return MissingComma.find(text, name, line, index(name).tokens())
                .orElseGet(() -> new Located(new SourceLocation(name, line, columnOf(text, name, line)), text));
    }

    /** Returns the column that a message of Lua's is about; 0 if that is not certain. */
    private int columnOf(String message, String file, int line) {
        Matcher matcher = TOKEN.matcher(message);
        if (!matcher.find()) {
            return 0;
        }
        String token = matcher.group("token") != null ? matcher.group("token") : matcher.group("name");
        boolean quoted = token.length() > 1 && (token.startsWith("\"") || token.startsWith("'"));
        return index(file).columnOf(quoted ? token.substring(1, token.length() - 1) : token, line);
    }

    private ConstructorIndex index(String file) {
        // Without a text places are those of calls.
        return indexes.computeIfAbsent(
                file,
                name -> ConstructorIndex.of(
                        text(name).map(text -> new String(text, UTF_8)).orElse("")));
    }
}
