package io.memroute.proxy.config.clients;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.access.AccessRule;
import io.memroute.proxy.access.AccessRules;
import io.memroute.proxy.access.CommandSet;
import io.memroute.proxy.access.IdentityName;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.library.Recording;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.config.source.Place;
import io.memroute.proxy.config.source.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the calls of {@code access{}}: their rules one after the other, and what holds where none decides. */
final class AccessReader {

    private static final String ACCESS = "access";
    private static final String DEFAULT = "default";
    private static final String ALLOW = "allow";
    private static final String DENY = "deny";
    private static final Set<String> KEYS = Set.of(ClientTexts.WHO, ALLOW, DENY, ClientTexts.KEYS);

    private final Findings findings;
    private final ClientTexts texts;
    private final List<AccessRule> rules = new ArrayList<>();
    /** The places of the rules, in their order. */
    private final List<Place> places = new ArrayList<>();

    private Optional<Boolean> allowOther = Optional.empty();

    AccessReader(ClientTexts texts, Findings findings) {
        this.texts = texts;
        this.findings = findings;
    }

    AccessRules read(List<Recording.Statement> calls) {
        if (calls.isEmpty()) {
            return AccessRules.NONE;
        }
        calls.forEach(this::readCall);
        AccessRules all = new AccessRules(rules, allowOther.orElse(false));
        new ShadowedRules(rules, places, findings).find();
        Place first = calls.getFirst().place();
        if (rules.isEmpty() && allowOther.isEmpty() && !findings.hasErrors()) {
            findings.error(first.where(), ACCESS + ": has no rules, as in { who = \"user:web\", allow = \"all\" }");
        } else if (!all.allowOther() && rules.stream().noneMatch(AccessRule::allows)) {
            findings.warn(
                    Warning.Kind.NO_EFFECT,
                    first.where(),
                    ACCESS + ": refuses every request: no rule allows any, and default is \"" + DENY + "\"");
        } else if (!all.mayRefuse()) {
            findings.warn(Warning.Kind.NO_EFFECT, first.where(), ACCESS + ": refuses no request");
        }
        return all;
    }

    private void readCall(Recording.Statement call) {
        Section section = new Section(call.argument(), ACCESS, "key", call.place(), findings);
        for (LuaValues.Entry entry : section.entries()) {
            Place place = section.place(entry.plainKey());
            if (entry.key() instanceof Long number && entry.value() instanceof LuaTable table) {
                readRule(new Section(table, ACCESS + ": rule " + number, "key", place, findings));
            } else if (entry.key() instanceof LuaString name && name.toString().equals(DEFAULT)) {
                readDefault(section);
            } else if (entry.key() instanceof LuaString name) {
                section.findings()
                        .error(
                                place.where(),
                                ACCESS + ": unknown key " + LuaValues.quote(name.toString())
                                        + NearestName.hint(name.toString(), List.of(DEFAULT)));
            } else {
                findings.error(
                        place.where(),
                        ACCESS + ": expected rules, as in { who = \"user:web\", allow = \"get\" }, got "
                                + LuaValues.describe(entry.value()));
            }
        }
    }

    private void readDefault(Section section) {
        Optional<String> word = section.text(DEFAULT);
        if (word.isEmpty()) {
            return;
        }
        if (!Set.of(ALLOW, DENY).contains(word.get())) {
            section.expected(DEFAULT, "\"" + ALLOW + "\" or \"" + DENY + "\"", section.value(DEFAULT));
            return;
        }
        boolean allows = word.get().equals(ALLOW);
        if (allowOther.isPresent() && allowOther.get() != allows) {
            section.fail(DEFAULT, "an earlier access{} says otherwise");
        }
        allowOther = Optional.of(allows);
    }

    private void readRule(Section rule) {
        rule.allowOnly(KEYS);
        List<IdentityName> who = texts.who(rule);
        List<String> keys = texts.keys(rule);
        if (rule.has(ALLOW) == rule.has(DENY)) {
            rule.fail("expected either " + ALLOW + " or " + DENY + ", with commands");
            return;
        }
        boolean allows = rule.has(ALLOW);
        List<String> commands = commands(rule, allows ? ALLOW : DENY);
        if (commands.isEmpty()) {
            return;
        }
        AccessRule read = new AccessRule(who, allows, commands, keys, ClientTexts.placeOf(rule));
        if (read.isVoid()) {
            rule.warn(
                    Warning.Kind.NO_EFFECT,
                    ClientTexts.KEYS,
                    "the rule never applies: " + String.join(", ", commands) + " has no key");
        }
        rules.add(read);
        places.add(rule.place());
    }

    private static List<String> commands(Section rule, String key) {
        List<String> commands = new ArrayList<>();
        for (String word : ClientTexts.list(rule, key, "commands, as in { \"get\", \"store\" }")) {
            if (CommandSet.isOpen(word)) {
                rule.warn(Warning.Kind.NO_EFFECT, key, word + " needs no rule: every client may use it");
            } else if (CommandSet.named(word).isPresent()) {
                commands.add(word);
            } else {
                rule.fail(key, "unknown command " + LuaValues.quote(word) + NearestName.hint(word, CommandSet.known()));
            }
        }
        return commands;
    }
}
