package io.memroute.lua.compile;

/** The representation of a value on the JVM's stack and in its locals. */
enum Kind {
    /** Any Lua value, numbers boxed. */
    OBJECT(1),
    /** An integer. */
    LONG(2),
    /** A float. */
    DOUBLE(2);

    /** JVM local variable slots it takes. */
    final int slots;

    Kind(int slots) {
        this.slots = slots;
    }
}
