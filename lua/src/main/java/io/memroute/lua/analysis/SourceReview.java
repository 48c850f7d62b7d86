package io.memroute.lua.analysis;

import io.memroute.lua.LuaError;
import io.memroute.lua.LuaString;
import io.memroute.lua.load.Chunk;
import io.memroute.lua.syntax.Parser;
import io.memroute.lua.text.WorkMeter;
import java.util.List;
import java.util.Set;

/**
 * A review of one chunk's text, without running it.
 *
 * @param globals the places that read global variables, or fields of them, none of which the text tests anywhere: a
 *     text that asks whether a name is there knows that it may not be
 * @param missingFields the places that read a field which a table of the text does not have
 * @param doubleKeys the keys that a table gives twice
 * @param assigned the names of the global variables, and the paths of their fields, that the text assigns to
 * @param testedFields the names of fields, of whatever table, that the text tests
 * @param testedIndexes the lines in which the text tests a field whose name it computes
 */
public record SourceReview(
        List<NameUse> globals,
        List<MissingField> missingFields,
        List<DoubleKey> doubleKeys,
        Set<String> assigned,
        Set<String> testedFields,
        Set<Integer> testedIndexes) {

    public SourceReview {
        globals = List.copyOf(globals);
        missingFields = List.copyOf(missingFields);
        doubleKeys = List.copyOf(doubleKeys);
        assigned = Set.copyOf(assigned);
        testedFields = Set.copyOf(testedFields);
        testedIndexes = Set.copyOf(testedIndexes);
    }

    /**
     * Reads the text of a file.
     *
     * @param meter is told what it costs, in steps
     * @throws LuaError if it is not Lua, or nested deeper than can be followed
     */
    public static SourceReview of(byte[] content, WorkMeter meter) {
        try {
            return NameReader.read(
                    Parser.parse(Chunk.withoutFirstComment(content), LuaString.of("=review"), false, false, meter));
        } catch (StackOverflowError e) {
            throw new LuaError("too many syntax levels");
        }
    }
}
