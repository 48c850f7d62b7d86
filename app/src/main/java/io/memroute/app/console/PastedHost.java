package io.memroute.app.console;

import io.memroute.lua.LuaState;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.library.ConfigSource;
import io.memroute.proxy.config.source.LuaBounds;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The world of a configuration that somebody has sent: nothing but its own text. It reads and writes no files, sees no
 * environment, and what it prints is lost.
 */
final class PastedHost extends ConfigHost {

    /** The name of the text in messages. */
    static final String NAME = "pasted.lua";

    static final ConfigSource SOURCE = ConfigSource.ofFile(NAME);

    /** A good configuration of a thousand servers takes a tenth of a second. */
    private static final Duration LOAD_TIME = Duration.ofSeconds(5);

    /** Some hundred times the text; the proxy needs the heap for its own work. */
    private static final long LOAD_BYTES = 64L << 20;

    private final byte[] text;

    PastedHost(byte[] text) {
        super(LuaBounds.defaults().withLoadTime(LOAD_TIME).withLoadBytes(LOAD_BYTES), Trust.READING, List.of());
        this.text = text;
    }

    @Override
    public byte[] source(String name) {
        return text;
    }

    @Override
    public Path file(LuaState L, String function, String name, boolean write) {
        throw L.error(function + ": a configuration that is tried out here uses no files");
    }

    /** Nobody who sends a configuration is to see the variables of the proxy, which may hold secrets. */
    @Override
    public @Nullable String environment(String name) {
        return null;
    }

    @Override
    public OutputStream stdout() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public OutputStream stderr() {
        return OutputStream.nullOutputStream();
    }
}
