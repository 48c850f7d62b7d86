package io.memroute.lua.lib.file;

import io.memroute.lua.lib.ByteStream;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files a state has open: those that scripts lose are written out and closed when the garbage collector finds them,
 * the others when the host is done.
 */
final class OpenFiles {
    private static final Cleaner CLEANER = Cleaner.create();

    /** The open streams, which the cleaner's thread uses, too. */
    private final Set<ByteStream> streams = ConcurrentHashMap.newKeySet();

    void add(FileHandle file) {
        ByteStream stream = file.stream();
        streams.add(stream);
        CLEANER.register(file, () -> {
            if (streams.remove(stream)) {
                closeQuietly(stream);
            }
        });
    }

    void remove(ByteStream stream) {
        streams.remove(stream);
    }

    void closeAll() {
        for (ByteStream stream : streams) {
            closeQuietly(stream);
        }
        streams.clear();
    }

    private static void closeQuietly(ByteStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // There is no caller to tell; C Lua's __gc ignores this too.
        }
    }
}
