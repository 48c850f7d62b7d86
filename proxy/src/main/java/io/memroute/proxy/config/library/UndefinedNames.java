package io.memroute.proxy.config.library;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaFunction;
import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.analysis.DoubleKey;
import io.memroute.lua.analysis.MissingField;
import io.memroute.lua.analysis.NameUse;
import io.memroute.lua.analysis.NameUse.Where;
import io.memroute.lua.analysis.SourceReview;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.config.source.SourceFiles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the slips of the files of one load that are nil to Lua, or nothing at all: names that are not defined, fields
 * that a table of constants does not have, keys that a table gives twice.
 *
 * <p>The texts are reviewed once all files have run, when it is known what they define. While they run, reads of
 * undefined globals and fields of {@code mcp} are noted too: so names used above their definition are found, those of
 * files that files load, and fields of {@code mcp} by another variable or a computed name. Where a text tests whether a
 * name is there, its absence is no mistake.
 *
 * <p>An undefined name is an error where it makes a setting vanish: as a field or item of a table, as an argument of a
 * function of the library, or if it is one of {@code mcp}. Elsewhere, where memcached would go on with nil, it is a
 * warning.
 */
public final class UndefinedNames {

    private static final String MCP = "mcp";

    /** Reads noted while files run; a loop may read the same name for ever. */
    private static final int MAX_READS = 1000;

    /**
     * @param table the path of the table; empty for a global
     * @param field what it does not have
     * @param word whether the field's name is a text
     */
    private record Read(List<String> table, String field, boolean word, SourceLocation where) {

        String name() {
            return table.isEmpty() ? field : String.join(".", table) + (word ? "." + field : "[" + field + "]");
        }
    }

    private final SourceFiles sources;
    private final Findings findings;
    private final Set<Read> reads = new LinkedHashSet<>();
    private final Map<String, SourceReview> reviews = new HashMap<>();
    private int noted;

    public UndefinedNames(SourceFiles sources, Findings findings) {
        this.sources = sources;
        this.findings = findings;
    }

    /** Notes what is read while files run. */
    public void watch(LuaState lua) {
        watch(lua.globals(), List.of());
        for (List<String> path :
                List.of(List.of(MCP), List.of(MCP, "dist_ring_hash"), List.of(MCP, "dist_jump_hash"))) {
            if (DefinedNames.valueOf(lua, path) instanceof LuaTable table) {
                watch(table, path);
            }
        }
    }

    private void watch(LuaTable table, List<String> path) {
        table.setMetatable(new LuaTable().put("__index", LuaFunction.of("index", (L, self, key) -> {
            if (noted < MAX_READS) {
                noted++;
                reads.add(new Read(path, LuaValues.text(key), key instanceof LuaString, sources.lineOf(L)));
            }
            return null;
        })));
    }

    /**
     * Notes the slips.
     *
     * @param complete whether all files ran to their ends; if not, what is not defined may have been defined further
     *     down
     */
    public void find(LuaState lua, boolean complete) {
        Set<String> files = new LinkedHashSet<>(sources.names());
        reads.forEach(read -> files.add(read.where().file()));
        files.forEach(file -> review(sources, file, lua).ifPresent(review -> reviews.put(file, review)));
        Set<String> assigned = new HashSet<>();
        reviews.values().forEach(review -> assigned.addAll(review.assigned()));
        DefinedNames defined = new DefinedNames(lua, assigned);
        reviews.forEach((file, review) -> {
            review.doubleKeys().forEach(twice -> doubleKey(file, twice));
            review.missingFields().forEach(missing -> missingField(defined, file, missing));
            for (NameUse use : review.globals()) {
                int names = defined.undefined(use.path());
                if (names > 1 || names == 1 && complete) {
                    report(file, use, names, defined.besides(use.path(), names));
                }
            }
        });
        for (Read read : reads) {
            SourceReview review = reviews.get(read.where().file());
            if (review == null) {
                continue;
            }
            List<NameUse> uses = review.globals().stream()
                    .filter(use ->
                            use.line() == read.where().line() && (use.text() + ".").startsWith(read.name() + "."))
                    .toList();
            int names = read.table().size() + 1;
            uses.forEach(use -> report(read.where().file(), use, names, defined.besides(use.path(), names)));
            if (uses.isEmpty()
                    && names > 1
                    && !review.testedFields().contains(read.field())
                    && !review.testedIndexes().contains(read.where().line())) {
                otherwiseNamed(read, defined);
            }
        }
    }

    /** Notes a field of {@code mcp} that the text does not read under this name. */
    private void otherwiseNamed(Read read, DefinedNames defined) {
        List<String> path = new ArrayList<>(read.table());
        path.add(read.field());
        findings.error(
                sources.placeOf(read.field(), read.where().file(), read.where().line()),
                read.name() + " is not defined"
                        + (read.word() ? NearestName.hint(read.field(), defined.besides(path, path.size())) : ""));
    }

    /**
     * The review of a file; empty if it is none, or not Lua, or the load has used up its bounds: all are reported
     * elsewhere.
     */
    public static Optional<SourceReview> review(SourceFiles sources, String file, LuaState lua) {
        try {
            return sources.text(file).map(text -> lua.metered(meter -> SourceReview.of(text, meter)));
        } catch (LuaError e) {
            return Optional.empty();
        }
    }

    private void doubleKey(String file, DoubleKey twice) {
        findings.error(sources.placeOf(twice.key(), file, twice.line()), twice(twice));
    }

    public static String twice(DoubleKey key) {
        return key.key() + " is given twice in one table"
                + (key.firstLine() == key.line() ? "" : ", first in line " + key.firstLine())
                + "; only the last counts";
    }

    private void missingField(DefinedNames defined, String file, MissingField missing) {
        NameUse use = missing.use();
        // Another file may have added to a global table.
        if (!missing.global() || defined.valueOf(use.path()) == null) {
            report(file, use, use.path().size(), missing.fields());
        }
    }

    private void report(String file, NameUse use, int names, Collection<String> known) {
        List<String> path = use.path().subList(0, names);
        Where where = names < use.path().size() ? new Where.Base() : use.where();
        boolean ofMcp = names > 1 && path.getFirst().equals(MCP);
        if (where instanceof Where.Base && !use.inFunction()) {
            // It fails by itself where it runs.
            return;
        }
        String name = String.join(".", path);
        SourceLocation at = sources.placeOf(path.getLast(), file, use.line());
        String message = known.contains(path.getLast())
                ? name + " is not defined yet where it is used"
                : name + " is not defined" + NearestName.hint(path.getLast(), known);
        switch (where) {
            case Where.Field(String field) ->
                findings.error(at, message + ", so " + field + " gets no value" + remedy(name, ofMcp));
            case Where.Item item -> findings.error(at, message + ", so this entry gets no value" + remedy(name, ofMcp));
            case Where.Argument(String function)
            when isOfLibrary(function) ->
                findings.error(at, message + ", so " + function + " gets no value" + remedy(name, ofMcp));
            default -> {
                if (ofMcp) {
                    findings.error(at, message);
                } else {
                    findings.warn(Warning.Kind.UNDEFINED_NAME, at, message);
                }
            }
        }
    }

    private static boolean isOfLibrary(String function) {
        return function.startsWith(MCP + ".") || RouteLibrary.functions().contains(function);
    }

    private static String remedy(String name, boolean ofMcp) {
        return ofMcp ? "" : "; if that is meant, write " + name + " or nil";
    }
}
