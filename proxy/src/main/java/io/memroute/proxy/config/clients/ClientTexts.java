package io.memroute.proxy.config.clients;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.access.IdentityName;
import io.memroute.proxy.access.RulePlace;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Place;
import io.memroute.proxy.config.source.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the parts that all rules about clients have: who they are about, and which keys. */
final class ClientTexts {

    static final String WHO = "who";
    static final String KEYS = "keys";

    private static final String FORMS = "user:NAME, cn:NAME, san:NAME, tag:TAG or *";

    private final List<NamedClient> named = new ArrayList<>();

    /** The clients that rules have named, with their places. */
    List<NamedClient> named() {
        return named;
    }

    /** The clients that a rule is about: all if it does not say. */
    List<IdentityName> who(Section rule) {
        if (!rule.has(WHO)) {
            return List.of(IdentityName.ANYONE);
        }
        List<IdentityName> who = new ArrayList<>();
        for (String text : list(rule, WHO, "clients, as in { \"user:web\", \"cn:batch\" }")) {
            Optional<IdentityName> name = IdentityName.of(text);
            if (name.isEmpty()) {
                rule.fail(
                        WHO,
                        "expected " + FORMS + ", got " + LuaValues.quote(text)
                                + (text.contains(":") ? "" : "; a user is " + LuaValues.quote("user:" + text)));
            } else {
                who.add(name.get());
                named.add(new NamedClient(name.get(), rule.place(WHO).where()));
            }
        }
        return who;
    }

    /** The prefixes of keys that a rule is about; none for all keys. */
    List<String> keys(Section rule) {
        if (!rule.has(KEYS)) {
            return List.of();
        }
        List<String> keys = new ArrayList<>();
        for (String prefix : list(rule, KEYS, "prefixes of keys, as in { \"user:\", \"session:\" }")) {
            Optional<String> shorter = keys.stream().filter(prefix::startsWith).findFirst();
            if (prefix.isEmpty()) {
                rule.fail(KEYS, "an empty prefix matches every key; leave out " + KEYS + " instead");
            } else if (prefix.endsWith("*")) {
                rule.warn(
                        Warning.Kind.DOUBTFUL_PREFIX,
                        KEYS,
                        LuaValues.quote(prefix) + " is compared byte by byte; to match all keys that begin like"
                                + " this, leave out the *");
            } else if (shorter.isPresent()) {
                rule.warn(
                        Warning.Kind.SHADOWED_RULE,
                        KEYS,
                        LuaValues.quote(prefix) + " adds nothing to " + LuaValues.quote(shorter.get()));
            }
            keys.add(prefix);
        }
        return keys;
    }

    /** The place of a rule. */
    static RulePlace placeOf(Section rule) {
        SourceLocation where = rule.place().where();
        return new RulePlace(where.file(), where.line(), where.column());
    }

    /** A text, or a list of texts; empty if there is a mistake, which is noted. */
    static List<String> list(Section rule, String key, String expected) {
        Object value = rule.value(key);
        if (value instanceof LuaString) {
            return rule.text(key).map(List::of).orElse(List.of());
        }
        if (!(value instanceof LuaTable table) || table.next(-1) < 0) {
            rule.expected(key, expected, value instanceof LuaTable ? LuaString.of("") : value);
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        Place place = rule.place(key);
        for (LuaValues.Entry entry : LuaValues.inOrder(table)) {
            Optional<String> text = entry.key() instanceof Long && entry.value() instanceof LuaString string
                    ? LuaValues.utf8(string)
                    : Optional.empty();
            if (text.isEmpty()) {
                rule.findings()
                        .error(
                                place.field(entry.plainKey()).where(),
                                rule.subject() + ": " + key + ": expected " + expected + ", got "
                                        + LuaValues.describe(entry.value()));
                return List.of();
            }
            texts.add(text.get());
        }
        return texts;
    }
}
