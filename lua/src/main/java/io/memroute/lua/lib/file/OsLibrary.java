package io.memroute.lua.lib.file;

import com.sun.management.OperatingSystemMXBean;
import io.memroute.lua.Args;
import io.memroute.lua.Function1;
import io.memroute.lua.Function2;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.VarFunction;
import io.memroute.lua.lib.LuaLibrary;
import io.memroute.lua.lib.SystemError;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The {@code os} library (manual section 6.9). {@code exit}, programs, files and the environment are the host's choice
 * ({@link io.memroute.lua.LuaHost}). Dates are in {@link DateFunctions}. The only locale is "C".
 */
public final class OsLibrary implements LuaLibrary {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final LuaString C_LOCALE = LuaString.constant("C");
    private static final String[] CATEGORIES = {"all", "collate", "ctype", "monetary", "numeric", "time"};

    @Override
    public String name() {
        return "os";
    }

    @Override
    public LuaTable open(LuaState L) {
        LuaTable library = new LuaTable();
        for (LuaFunction function : new LuaFunction[] {
            new Clock(),
            new Execute(),
            new Exit(),
            new GetEnv(),
            new Remove(),
            new Rename(),
            new SetLocale(),
            new TmpName(),
        }) {
            library.put(function.name(), function);
        }
        DateFunctions.addTo(library);
        return library;
    }

    /** The processor time of this process, in seconds. */
    private static final class Clock extends VarFunction {
        Clock() {
            super("clock");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                            .getProcessCpuTime()
                    / NANOS_PER_SECOND;
        }
    }

    private static final class Execute extends Function1 {
        Execute() {
            super("execute");
        }

        @Override
        public Object call(LuaState L, Object command) {
            if (command == null) {
                return L.host().mayExecute(L, "os.execute", "");
            }
            LuaString text = Args.string(L, command, 1);
            if (!L.host().mayExecute(L, "os.execute", text.toString())) {
                throw L.error("os.execute is not available here");
            }
            try {
                return Programs.waitFor(L, Programs.shell(L, text).start());
            } catch (IOException e) {
                return SystemError.of(e).results(null);
            }
        }
    }

    private static final class Exit extends Function2 {
        Exit() {
            super("exit");
        }

        @Override
        public Object call(LuaState L, Object code, Object close) {
            int status = code instanceof Boolean ok ? (ok ? 0 : 1) : (int) Args.optInteger(L, code, 1, 0);
            L.host().exit(L, status);
            throw L.error("os.exit is not available here");
        }
    }

    private static final class GetEnv extends Function1 {
        GetEnv() {
            super("getenv");
        }

        @Override
        public Object call(LuaState L, Object name) {
            String value = L.host().environment(Args.string(L, name, 1).toString());
            return value == null ? null : LuaString.of(value);
        }
    }

    private static final class Remove extends Function1 {
        Remove() {
            super("remove");
        }

        @Override
        public Object call(LuaState L, Object name) {
            LuaString fileName = Args.string(L, name, 1);
            try {
                Files.delete(Paths.resolve(L, "os.remove", fileName, true));
                return Boolean.TRUE;
            } catch (IOException e) {
                return SystemError.of(e).results(fileName);
            }
        }
    }

    private static final class Rename extends Function2 {
        Rename() {
            super("rename");
        }

        @Override
        public Object call(LuaState L, Object from, Object to) {
            LuaString oldName = Args.string(L, from, 1);
            LuaString newName = Args.string(L, to, 2);
            try {
                Path source = Paths.resolve(L, "os.rename", oldName, true);
                Files.move(source, Paths.resolve(L, "os.rename", newName, true), StandardCopyOption.ATOMIC_MOVE);
                return Boolean.TRUE;
            } catch (IOException e) {
                return SystemError.of(e).results(null);
            }
        }
    }

    private static final class SetLocale extends Function2 {
        SetLocale() {
            super("setlocale");
        }

        @Override
        public Object call(LuaState L, Object locale, Object category) {
            LuaString name = Args.optString(L, locale, 1, C_LOCALE);
            FileMethods.option(L, category, 2, CATEGORIES, "all");
            String text = name.toString();
            return text.isEmpty() || text.equals("C") || text.equals("POSIX") ? C_LOCALE : null;
        }
    }

    private static final class TmpName extends VarFunction {
        TmpName() {
            super("tmpname");
        }

        @Override
        public Object invoke(LuaState L, Object[] args) {
            try {
                return LuaString.of(Files.createTempFile(Paths.temporaryDirectory(L, "os.tmpname"), "lua_", "")
                        .toString());
            } catch (IOException e) {
                throw L.error("unable to generate a unique filename");
            }
        }
    }
}
