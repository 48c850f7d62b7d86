package io.memroute.lua.lib;

import io.memroute.lua.Args;
import io.memroute.lua.Function1;
import io.memroute.lua.Function2;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.lua.VarFunction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * {@code package} and {@code require} (manual, section 6.3). There are no C libraries: {@code loadlib} says so, and
 * {@code cpath} is searched to no avail.
 */
public final class PackageLibrary implements LuaLibrary {
    private static final String DEFAULT_PATH =
            "/usr/local/share/lua/5.4/?.lua;/usr/local/share/lua/5.4/?/init.lua;/usr/share/lua/5.4/?.lua;"
                    + "/usr/share/lua/5.4/?/init.lua;./?.lua;./?/init.lua";
    private static final String DEFAULT_CPATH = "/usr/local/lib/lua/5.4/?.so;/usr/local/lib/lua/5.4/loadall.so;./?.so";

    @Override
    public String name() {
        return "package";
    }

    @Override
    public LuaTable open(LuaState L) {
        LuaTable p = new LuaTable();
        LuaTable preload = new LuaTable();
        p.put("loaded", L.registry().get(LuaState.LOADED));
        p.put("preload", preload);
        L.registry().put("_PRELOAD", preload);
        p.put("path", path(L, "LUA_PATH", DEFAULT_PATH));
        p.put("cpath", path(L, "LUA_CPATH", DEFAULT_CPATH));
        p.put("config", LuaString.of("/\n;\n?\n!\n-\n"));
        p.put("searchpath", new SearchPath());
        p.put("loadlib", new LoadLib());
        LuaTable searchers = new LuaTable();
        searchers.put(1, new PreloadSearcher(preload));
        searchers.put(2, new FileSearcher(p));
        searchers.put(3, new NativeSearcher(p));
        p.put("searchers", searchers);
        L.globals().put("require", new Require(p));
        return p;
    }

    /** The search path of the environment, with {@code ;;} standing for the default. */
    private static LuaString path(LuaState L, String variable, String standard) {
        String versioned = L.host().environment(variable + "_5_4");
        String path = versioned != null ? versioned : L.host().environment(variable);
        if (path == null || L.registry().get("LUA_NOENV") == Boolean.TRUE) {
            return LuaString.of(standard);
        }
        int two = path.indexOf(";;");
        if (two >= 0) {
            String before = path.substring(0, two);
            String after = path.substring(two + 2);
            path = (before.isEmpty() ? "" : before + ";") + standard + (after.isEmpty() ? "" : ";" + after);
        }
        return LuaString.of(path);
    }

    private static String text(LuaString s) {
        return new String(s.bytes(), StandardCharsets.UTF_8);
    }

    /**
     * Finds the first readable file that the templates of {@code path} give for {@code name}. If there is none,
     * {@code tried} lists them.
     */
    private static @Nullable String search(
            LuaState L, String name, String path, String separator, String replacement, StringBuilder tried) {
        String n = separator.isEmpty() ? name : name.replace(separator, replacement);
        for (String template : path.split(";", -1)) {
            if (template.isEmpty()) {
                continue;
            }
            String file = template.replace("?", n);
            try {
                Path found = L.host().file(L, "require", file, false);
                if (Files.isReadable(found) && !Files.isDirectory(found)) {
                    return file;
                }
            } catch (IOException | java.nio.file.InvalidPathException e) {
                // Not a file this host shows: it counts as not there.
            }
        }
        tried.append("no file '")
                .append(path.replace("?", n).replace(";", "'\n\tno file '"))
                .append('\'');
        return null;
    }

    private static String field(LuaState L, LuaTable p, String name) {
        Object v = L.index(p, LuaString.constant(name));
        if (v instanceof LuaString s) {
            return text(s);
        }
        throw L.error("'package." + name + "' must be a string");
    }

    private static final class SearchPath extends VarFunction {
        SearchPath() {
            super("searchpath");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            String name = text(Args.string(L, args, 1));
            String path = text(Args.string(L, args, 2));
            String separator = text(Args.optString(L, args, 3, LuaString.of(".")));
            String replacement = text(Args.optString(L, args, 4, LuaString.of("/")));
            StringBuilder tried = new StringBuilder();
            String file = search(L, name, path, separator, replacement, tried);
            return file != null ? LuaString.of(file) : Results.of(null, LuaString.of(tried.toString()));
        }
    }

    private static final class LoadLib extends Function2 {
        LoadLib() {
            super("loadlib");
        }

        @Override
        public Object call(LuaState L, Object path, Object function) {
            Args.string(L, path, 1);
            Args.string(L, function, 2);
            return Results.of(
                    null,
                    LuaString.of("dynamic libraries not enabled; check your Lua installation"),
                    LuaString.of("absent"));
        }
    }

    private static final class PreloadSearcher extends Function1 {
        private final LuaTable preload;

        PreloadSearcher(LuaTable preload) {
            super("preload_searcher");
            this.preload = preload;
        }

        @Override
        public Object call(LuaState L, Object name) {
            LuaString n = Args.string(L, name, 1);
            Object loader = preload.get(n);
            return loader == null
                    ? LuaString.of("no field package.preload['" + text(n) + "']")
                    : Results.of(loader, LuaString.of(":preload:"));
        }
    }

    private static final class FileSearcher extends Function1 {
        private final LuaTable library;

        FileSearcher(LuaTable library) {
            super("file_searcher");
            this.library = library;
        }

        @Override
        public Object call(LuaState L, Object name) {
            String n = text(Args.string(L, name, 1));
            StringBuilder tried = new StringBuilder();
            String file = search(L, n, field(L, library, "path"), ".", "/", tried);
            if (file == null) {
                return LuaString.of(tried.toString());
            }
            LuaString f = LuaString.of(file);
            try {
                LuaFunction loader = LoadFunctions.compile(
                        L, LoadFunctions.read(L, "require", f), LoadFunctions.chunkName(f), "bt", L.globals());
                return Results.of(loader, f);
            } catch (LuaError e) {
                throw L.error("error loading module '" + n + "' from file '" + file + "':\n\t" + L.tostring(e.value()));
            }
        }
    }

    private static final class NativeSearcher extends Function1 {
        private final LuaTable library;

        NativeSearcher(LuaTable library) {
            super("native_searcher");
            this.library = library;
        }

        @Override
        public Object call(LuaState L, Object name) {
            StringBuilder tried = new StringBuilder();
            String n = text(Args.string(L, name, 1));
            String file = search(L, n, field(L, library, "cpath"), ".", "/", tried);
            if (file != null) {
                throw L.error("error loading module '" + n + "' from file '" + file
                        + "':\n\tdynamic libraries not enabled; check your Lua installation");
            }
            return LuaString.of(tried.toString());
        }
    }

    private static final class Require extends Function1 {
        private final LuaTable library;

        Require(LuaTable library) {
            super("require");
            this.library = library;
        }

        @Override
        public Object call(LuaState L, Object name) {
            LuaString n = Args.string(L, name, 1);
            LuaTable loaded = (LuaTable) L.registry().get(LuaState.LOADED);
            Object known = L.index(loaded, n);
            if (Args.truth(known)) {
                return known;
            }
            if (!(L.index(library, LuaString.constant("searchers")) instanceof LuaTable searchers)) {
                throw L.error("'package.searchers' must be a table");
            }
            StringBuilder tried = new StringBuilder();
            for (long i = 1; ; i++) {
                Object searcher = searchers.get(i);
                if (searcher == null) {
                    throw L.error("module '" + text(n) + "' not found:" + tried);
                }
                Object found = L.call(searcher, n);
                Object loader = Results.get(found, 0);
                if (loader instanceof LuaFunction) {
                    return load(L, loaded, n, loader, Results.get(found, 1));
                }
                if (loader instanceof LuaString message) {
                    tried.append("\n\t").append(text(message));
                }
            }
        }

        private static Object load(LuaState L, LuaTable loaded, LuaString name, Object loader, Object data) {
            Object value = Results.first(L.call(loader, name, data));
            if (value != null) {
                L.setIndex(loaded, name, value);
            }
            Object result = L.index(loaded, name);
            if (result == null) {
                result = Boolean.TRUE;
                L.setIndex(loaded, name, result);
            }
            return Results.of(result, data);
        }
    }
}
