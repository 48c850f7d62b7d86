package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaState;
import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.lua.analysis.NameUse;
import io.memroute.lua.analysis.NameUse.Where;
import io.memroute.lua.analysis.SourceReview;
import io.memroute.proxy.access.ClientRules;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.SourceLines;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.Warnings;
import io.memroute.proxy.config.clients.ClientRulesReader;
import io.memroute.proxy.config.library.ClientRuleFunctions;
import io.memroute.proxy.config.library.DefinedNames;
import io.memroute.proxy.config.library.Recording;
import io.memroute.proxy.config.library.UndefinedNames;
import io.memroute.proxy.config.placement.PoolOptionsLayer;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.config.source.SourceFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds slips in a program that uses the table {@code mcp} itself. All are warnings: memcached's proxy goes on with
 * nil, and ignores keys that it does not know. Owned by the configuration thread.
 */
public final class ProgramReview implements SourceLines {

    /** The keys of the second argument of {@code mcp.pool}. */
    public static final Set<String> POOL_OPTIONS = PoolOptionsLayer.NAMES;

    /** The keys of the argument of {@code mcp.backend}. */
    public static final Set<String> BACKEND_OPTIONS = BackendsReader.BACKEND_KEYS;

    private final SourceFiles sources;
    private final List<String> files = new ArrayList<>();
    private final Warnings warnings = new Warnings();
    private final Recording recorded = new Recording();
    private final Findings findings = new Findings();

    /** @param name of the program */
    public ProgramReview(String name) {
        sources = new SourceFiles(name, Path::of);
    }

    /** Remembers a file of the program. */
    public void add(String file, byte[] text) {
        sources.add(file, text);
        files.add(file);
    }

    /** The line of a place in one of the program's own files. */
    @Override
    public Optional<String> line(SourceLocation where) {
        return files.contains(where.file()) ? sources.line(where) : Optional.empty();
    }

    @Override
    public SourceLocation exactly(SourceLocation where, String message) {
        return sources.exactly(where, message);
    }

    /** Defines the functions for rules about clients. */
    public void openClientRules(LuaState lua) {
        new ClientRuleFunctions(recorded, sources, findings).open(lua);
    }

    /**
     * The rules about clients, when all files have run.
     *
     * @throws ConfigException if they have errors
     */
    public ClientRules clientRules() throws ConfigException {
        ClientRules rules = ClientRulesReader.read(recorded, findings).rules();
        if (findings.hasErrors()) {
            throw new ConfigException(findings.errors());
        }
        warnings.addAll(findings.warnings().sorted());
        return rules;
    }

    /** Notes keys that a function does not know, at the call that is running. */
    public void unknownKeys(LuaState lua, String function, LuaTable arguments, Collection<String> known) {
        for (LuaValues.Entry entry : LuaValues.inOrder(arguments)) {
            if (entry.key() instanceof LuaString key && !known.contains(key.toString())) {
                SourceLocation call = sources.lineOf(lua);
                warnings.add(
                        Warning.Kind.NO_EFFECT,
                        sources.placeOf(key.toString(), call.file(), call.line()),
                        function + ": unknown key " + LuaValues.describe(key)
                                + NearestName.hint(key.toString(), known));
            }
        }
    }

    /** Notes names that nothing defines and keys that a table gives twice, when all files have run. */
    public void names(LuaState lua) {
        Map<String, SourceReview> reviews = new LinkedHashMap<>();
        files.forEach(file -> UndefinedNames.review(sources, file, lua).ifPresent(review -> reviews.put(file, review)));
        Set<String> assigned = new HashSet<>();
        reviews.values().forEach(review -> assigned.addAll(review.assigned()));
        DefinedNames defined = new DefinedNames(lua, assigned);
        reviews.forEach((file, review) -> {
            review.doubleKeys()
                    .forEach(twice -> warnings.add(
                            Warning.Kind.REPLACED,
                            sources.placeOf(twice.key(), file, twice.line()),
                            UndefinedNames.twice(twice)));
            review.missingFields().stream()
                    .filter(missing ->
                            !missing.global() || defined.valueOf(missing.use().path()) == null)
                    .forEach(missing ->
                            undefined(file, missing.use(), missing.use().path().size(), missing.fields()));
            for (NameUse use : review.globals()) {
                int names = defined.undefined(use.path());
                if (names > 0) {
                    undefined(file, use, names, defined.besides(use.path(), names));
                }
            }
        });
    }

    private void undefined(String file, NameUse use, int names, Collection<String> known) {
        boolean fails = names < use.path().size() || use.where() instanceof Where.Base;
        if (fails && !use.inFunction()) {
            // It ran, so it was not reached.
            return;
        }
        String last = use.path().get(names - 1);
        warnings.add(
                Warning.Kind.UNDEFINED_NAME,
                sources.placeOf(last, file, use.line()),
                String.join(".", use.path().subList(0, names)) + " is not defined" + NearestName.hint(last, known));
    }

    /** Everything that was noted, with the lines of the files. */
    public List<Warning> warnings() {
        return warnings.sorted().stream().map(warning -> warning.quoting(this)).toList();
    }
}
