package io.memroute.proxy.script.load;

import io.memroute.lua.Args;
import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.Results;
import io.memroute.proxy.repeat.Repeated;
import io.memroute.proxy.route.Turns;
import io.memroute.proxy.script.object.ScriptLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The functions that one load has registered to be called every so often while its configuration is in force, in the
 * order of their names' registration. Owned by the configuration thread.
 *
 * @see "docs/reference/proxy-api.md sections 1.7 and 2.3"
 */
final class Crons {

    /** About 68 years, the range of memcached's counter of seconds. */
    private static final long MAX_SECONDS = Integer.MAX_VALUE;

    private final class Entry {
        final LuaFunction function;
        final long everySeconds;
        final boolean again;
        long dueNanos;

        Entry(LuaFunction function, long everySeconds, boolean again) {
            this.function = function;
            this.everySeconds = everySeconds;
            this.again = again;
            dueAfterPause();
        }

        void dueAfterPause() {
            dueNanos = host.nanoTime() + everySeconds * 1_000_000_000L;
        }
    }

    private final ScriptHost host;
    private final LuaState lua;
    private final ScriptLog log;
    private final Repeated calls;
    private final Map<LuaString, Entry> entries = new LinkedHashMap<>();
    private boolean inForce;
    private @Nullable Future<?> wakeUp;

    /**
     * @param lua the state of the functions
     * @param afterwards called when all crons of one moment have run
     */
    Crons(ScriptHost host, LuaState lua, ScriptLog log, Runnable afterwards) {
        this.host = host;
        this.lua = lua;
        this.log = log;
        this.calls = new Repeated("calling crons", () -> {
            runDue(host.nanoTime());
            afterwards.run();
        });
    }

    /** {@code mcp.register_cron}. */
    Object register(LuaState L, Object nameText, Object description) {
        LuaString name = Args.string(L, nameText, 1);
        LuaTable table = Args.table(L, description, 2);
        Object function = table.get("func");
        if (function == null) {
            throw new LuaError("proxy cron entry missing 'func' field");
        }
        Args.function(L, function, -1);
        Object rerun = table.get("rerun");
        Object every = table.get("every");
        if (every == null) {
            throw new LuaError("proxy cron entry missing 'every' field");
        }
        if (!(every instanceof Long || every instanceof Double)) {
            throw Args.typeError(L, every, -1, "number");
        }
        Long seconds = LuaNumber.toInteger(every);
        if (seconds == null || seconds < 1) {
            throw new LuaError("proxy cron entry 'every' must be > 0");
        }
        entries.put(
                name,
                new Entry((LuaFunction) function, Math.min(seconds, MAX_SECONDS), rerun == null || Args.truth(rerun)));
        if (inForce) {
            sleep();
        }
        return Results.NONE;
    }

    /**
     * Begins to call the crons. One that the previous configuration had with the same name and interval keeps its turn.
     *
     * @param before the turns that the previous configuration has left
     */
    void begin(Turns before) {
        inForce = true;
        entries.forEach((name, entry) -> before.of(work(name, entry)).ifPresent(nanos -> entry.dueNanos = nanos));
        sleep();
    }

    /** Stops calling them, and returns their turns. */
    Turns end() {
        inForce = false;
        if (wakeUp != null) {
            wakeUp.cancel(false);
            wakeUp = null;
        }
        Map<Turns.Work, Long> left = new HashMap<>();
        entries.forEach((name, entry) -> left.put(work(name, entry), entry.dueNanos));
        return new Turns(left);
    }

    /** Bytes as ISO 8859-1: names that differ in any byte stay different. */
    private static Turns.Work work(LuaString name, Entry entry) {
        return new Turns.Work(new String(name.bytes(), StandardCharsets.ISO_8859_1), entry.everySeconds);
    }

    private void sleep() {
        if (wakeUp != null) {
            wakeUp.cancel(false);
            wakeUp = null;
        }
        long now = host.nanoTime();
        entries.values().stream()
                .mapToLong(entry -> entry.dueNanos - now)
                .min()
                .ifPresent(nanos -> wakeUp = host.schedule(this::wake, Duration.ofNanos(Math.max(nanos, 0))));
    }

    private void wake() {
        if (!inForce) {
            return;
        }
        calls.run();
        sleep();
    }

    /** Calls the crons that are due, which may register and replace others. */
    private void runDue(long now) {
        for (Map.Entry<LuaString, Entry> named : List.copyOf(entries.entrySet())) {
            Entry entry = named.getValue();
            if (entries.get(named.getKey()) != entry || entry.dueNanos - now > 0) {
                continue;
            }
            if (entry.again) {
                entry.dueAfterPause();
            } else {
                entries.remove(named.getKey());
            }
            host.counters().cronRan();
            try {
                lua.run(entry.function);
            } catch (LuaError e) {
                host.counters().cronFailed();
                log.error("cron " + named.getKey(), e);
            }
        }
    }
}
