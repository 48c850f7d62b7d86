package io.memroute.proxy.config;

import io.memroute.lua.LuaString;
import java.util.List;
import java.util.Objects;

/** A value in the arguments of a route handler written in Lua, copied out of the state that it came from. */
public sealed interface HandlerValue {

    /** A value without parts. */
    sealed interface Plain extends HandlerValue {

        /** The value as Lua has it. */
        Object value();
    }

    /** A plain value that an entry may have for its key. */
    sealed interface Key extends Plain {}

    record Flag(Boolean value) implements Plain {

        public Flag {
            Objects.requireNonNull(value, "value");
        }
    }

    record Whole(Long value) implements Key {

        public Whole {
            Objects.requireNonNull(value, "value");
        }
    }

    record Fraction(Double value) implements Key {

        public Fraction {
            Objects.requireNonNull(value, "value");
        }
    }

    record Text(LuaString value) implements Key {

        public Text {
            Objects.requireNonNull(value, "value");
        }
    }

    /** A table; numbered entries first, then named ones in the order of their names. */
    record Table(List<Entry> entries) implements HandlerValue {

        public Table {
            entries = List.copyOf(entries);
        }
    }

    /** A key with its value. */
    record Entry(Key key, HandlerValue value) {

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
    static Key key(String text, int index) {
        return text.equals(Integer.toString(index + 1)) ? new Whole(index + 1L) : new Text(LuaString.of(text));
    }

    /** An object that all workers have together. */
    record Shared(SharedObject value) implements HandlerValue {

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
