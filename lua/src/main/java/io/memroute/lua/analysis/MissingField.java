package io.memroute.lua.analysis;

import java.util.Set;

/**
 * A field that is read, of a table that the text shows to have none of that name.
 *
 * @param use the place, its path ending with the field
 * @param fields those that the table has
 * @param global whether the table is a global variable's, to which code elsewhere may have added fields
 */
public record MissingField(NameUse use, Set<String> fields, boolean global) {

    public MissingField {
        fields = Set.copyOf(fields);
    }
}
