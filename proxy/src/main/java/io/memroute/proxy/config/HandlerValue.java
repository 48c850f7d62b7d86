package io.memroute.proxy.config;

import io.memroute.lua.LuaString;
import java.util.List;
import java.util.Objects;

/** A value in the arguments of a route handler written in Lua, copied out of the state that it came from. */
public sealed interface HandlerValue {

    /**
     * What has no parts.
     *
     * @param value a {@code Boolean}, {@code Long}, {@code Double} or {@code LuaString}
     */
    record Plain(Object value) implements HandlerValue {

        public Plain {
            Objects.requireNonNull(value, "value");
            if (!(value instanceof Boolean
                    || value instanceof Long
                    || value instanceof Double
                    || value instanceof LuaString)) {
                throw new IllegalArgumentException("no plain value of Lua: " + value.getClass());
            }
        }
    }

    /** A table; numbered entries first, then named ones in the order of their names. */
    record Table(List<Entry> entries) implements HandlerValue {

        public Table {
            entries = List.copyOf(entries);
        }
    }

    /** @param key a number or a string */
    record Entry(Plain key, HandlerValue value) {

        public Entry {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
        }

        /** The key as people read it. */
        public String name() {
            return key.value().toString();
        }
    }

    /**
     * The key of an entry whose place is known, in a list or in a table with names.
     *
     * @param text the key as people read it
     * @param index 0-based
     */
    static Plain key(String text, int index) {
        return new Plain(text.equals(Integer.toString(index + 1)) ? (Object) (index + 1L) : LuaString.of(text));
    }

    /**
     * An object that all workers have together, such as a rate limiter.
     *
     * @param value known to whoever makes routes
     */
    record Shared(Object value) implements HandlerValue {

        public Shared {
            Objects.requireNonNull(value, "value");
        }
    }

    /** Something to send to. */
    record Child(ChildSpec child) implements HandlerValue {

        public Child {
            Objects.requireNonNull(child, "child");
        }
    }
}
