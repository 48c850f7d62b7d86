package io.memroute.proxy.handler.builtin;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.call.ErrorKind;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.handler.Argument;
import io.memroute.proxy.handler.Reading;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The argument {@code errors}: a list of kinds of errors. */
final class ErrorKinds {

    private static final String NAME = "errors";

    private ErrorKinds() {}

    static Argument<Set<ErrorKind>> argument(String meaning) {
        return Argument.of(NAME, "list", "all", meaning, ErrorKinds::read);
    }

    private static Set<ErrorKind> read(Reading reading) {
        Section arguments = reading.arguments();
        if (!arguments.has(NAME)) {
            return ErrorKind.ALL;
        }
        if (!(arguments.value(NAME) instanceof LuaTable list)) {
            arguments.expected(NAME, "a list such as { \"bad\", \"connect\" }", arguments.value(NAME));
            return ErrorKind.ALL;
        }
        EnumSet<ErrorKind> kinds = EnumSet.noneOf(ErrorKind.class);
        for (LuaValues.Entry entry : LuaValues.inOrder(list)) {
            Optional<ErrorKind> kind =
                    entry.value() instanceof LuaString word ? ErrorKind.named(word.toString()) : Optional.empty();
            kind.ifPresentOrElse(
                    kinds::add,
                    () -> arguments.fail(
                            NAME,
                            "expected " + String.join(", ", ErrorKind.words()) + ", got "
                                    + LuaValues.describe(entry.value())
                                    + (entry.value() instanceof LuaString word
                                            ? NearestName.hint(word.toString(), ErrorKind.words())
                                            : "")));
        }
        return kinds.size() == ErrorKind.ALL.size() ? ErrorKind.ALL : kinds;
    }

    /** The kinds as an operator is shown them; empty if they are all. */
    static Optional<List<String>> shown(Set<ErrorKind> kinds) {
        return kinds.size() == ErrorKind.ALL.size()
                ? Optional.empty()
                : Optional.of(inOrder(kinds).stream().map(ErrorKind::word).toList());
    }

    /** The kinds in a sentence, as in "an error (bad, connect)". */
    static String inWords(Set<ErrorKind> kinds) {
        if (kinds.isEmpty()) {
            return "no error";
        }
        return shown(kinds)
                .map(words -> "an error (" + String.join(", ", words) + ")")
                .orElse("an error");
    }

    private static List<ErrorKind> inOrder(Set<ErrorKind> kinds) {
        return kinds.stream().sorted().toList();
    }
}
