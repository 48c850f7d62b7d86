package io.memroute.store;

/** The condition under which a value is stored, and the value it is joined to. */
enum StoreMode {
    SET,
    ADD,
    REPLACE,
    CAS,
    APPEND,
    PREPEND,
    /** Append and prepend that store the value alone if there is nothing to join it to. */
    APPEND_OR_SET,
    PREPEND_OR_SET;

    boolean appends() {
        return this == APPEND || this == APPEND_OR_SET;
    }

    /** Whether a value is stored where there was none. */
    boolean createsItem() {
        return this == SET || this == ADD || this == APPEND_OR_SET || this == PREPEND_OR_SET;
    }
}
