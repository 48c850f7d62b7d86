package io.memroute.lua.lib.file;

import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.text.ByteSearch;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** File names of scripts as paths that the host allows. */
final class Paths {
    private Paths() {}

    /**
     * The path for a name, which ends at its first zero byte as in C.
     *
     * @param function what is going to use it, as scripts call it
     * @throws IOException if the host refuses it, with the reason that the script is to see
     */
    static Path resolve(LuaState L, String function, LuaString name, boolean write) throws IOException {
        int zero = ByteSearch.indexOf(name.bytes(), 0, name.length(), (byte) 0);
        String text = (zero < 0 ? name : name.substring(0, zero)).toString();
        if (text.isEmpty()) {
            throw new NoSuchFileException(text);
        }
        try {
            return L.host().file(L, function, text, write);
        } catch (InvalidPathException e) {
            throw new NoSuchFileException(text);
        }
    }

    /** The directory of temporary files. */
    static Path temporaryDirectory(LuaState L, String function) throws IOException {
        return L.host().file(L, function, System.getProperty("java.io.tmpdir"), true);
    }
}
