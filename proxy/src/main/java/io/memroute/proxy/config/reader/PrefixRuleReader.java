package io.memroute.proxy.config.reader;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.config.PrefixRule;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.config.source.Section;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the section {@code conf} of {@code routes{}}. */
final class PrefixRuleReader {

    static final Set<String> KEYS = Set.of("mode", "start", "stop");
    private static final List<String> MODES = List.of("prefix", "anchor");

    private PrefixRuleReader() {}

    /** The rule; the default one if there are errors, which have been noted. */
    static PrefixRule read(Section conf) {
        conf.allowOnly(KEYS);
        Optional<String> mode = conf.text("mode");
        if (mode.isPresent() && !MODES.contains(mode.get())) {
            conf.fail(
                    "mode",
                    "expected \"prefix\" or \"anchor\", got " + LuaValues.quote(mode.get())
                            + NearestName.hint(mode.get(), MODES));
            return PrefixRule.DEFAULT;
        }
        Optional<String> start = separator(conf, "start");
        Optional<String> stop = separator(conf, "stop");
        if (mode.orElse("prefix").equals("prefix")) {
            if (conf.has("start")) {
                conf.fail("start", "has no effect without mode = \"anchor\"");
            }
            return new PrefixRule(PrefixRule.Mode.PREFIX, "", stop.orElse(PrefixRule.DEFAULT_SEPARATOR));
        }
        if (conf.has("start") != conf.has("stop")) {
            conf.fail(
                    conf.has("start") ? "start" : "stop",
                    "with mode = \"anchor\" give both start and stop, or neither (then both are \"/\")");
        }
        return new PrefixRule(
                PrefixRule.Mode.ANCHOR,
                start.orElse(PrefixRule.DEFAULT_SEPARATOR),
                stop.orElse(PrefixRule.DEFAULT_SEPARATOR));
    }

    private static Optional<String> separator(Section conf, String key) {
        Optional<String> text = conf.text(key);
        if (text.isEmpty()) {
            return text;
        }
        int bytes = text.get().getBytes(UTF_8).length;
        if (bytes < 1 || bytes > PrefixRule.MAX_BYTES) {
            conf.fail(key, "expected 1 to " + PrefixRule.MAX_BYTES + " bytes, got " + LuaValues.quote(text.get()));
            return Optional.empty();
        }
        return text;
    }
}
