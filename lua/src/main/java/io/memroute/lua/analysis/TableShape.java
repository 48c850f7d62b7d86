package io.memroute.lua.analysis;

import io.memroute.lua.LuaString;
import io.memroute.lua.syntax.Expression;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The named fields that a text gives a table. */
final class TableShape {

    private final Set<String> fields = new TreeSet<>();
    private final Map<String, TableShape> inner = new HashMap<>();

    /** Whether it may have fields that the text does not show. */
    private boolean open;

    static TableShape of(Expression.Table constructor) {
        TableShape shape = new TableShape();
        for (Expression.Field field : constructor.fields()) {
            if (field.key() instanceof Expression.Constant(LuaString name, int line)) {
                shape.fields.add(name.toString());
                if (field.value() instanceof Expression.Table table) {
                    shape.inner.put(name.toString(), of(table));
                }
            } else if (field.key() != null && !(field.key() instanceof Expression.Constant)) {
                shape.open = true;
            }
        }
        return shape;
    }

    Set<String> fields() {
        return fields;
    }

    /** Notes that a field is assigned. */
    void assign(List<String> path) {
        TableShape table = at(path.subList(0, path.size() - 1));
        if (table != null) {
            table.fields.add(path.getLast());
            table.inner.remove(path.getLast());
        }
    }

    /** Notes that others than the text shows may change the table at a path, and those in it. */
    void open(List<String> path) {
        TableShape table = at(path);
        if (table != null) {
            table.openAll();
        }
    }

    private void openAll() {
        open = true;
        inner.values().forEach(TableShape::openAll);
    }

    private @Nullable TableShape at(List<String> path) {
        TableShape table = this;
        for (String name : path) {
            table = table == null ? null : table.inner.get(name);
        }
        return table;
    }

    /** The number of names of a path that lead to a field that is certainly not there; 0 if all may be. */
    int missing(List<String> path) {
        TableShape table = this;
        for (int i = 0; i < path.size() && table != null && !table.open; i++) {
            if (!table.fields.contains(path.get(i))) {
                return i + 1;
            }
            table = table.inner.get(path.get(i));
        }
        return 0;
    }

    /** The fields of the table that a path leads to. */
    Set<String> fieldsAt(List<String> path) {
        TableShape table = at(path);
        return table == null ? Set.of() : table.fields;
    }
}
