package io.memroute.proxy.config.clients;

import io.memroute.proxy.access.AccessRule;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Place;
import java.util.List;
import java.util.Optional;

/** Finds rules of {@code access{}}, and prefixes in them, that never decide as one before decides all of theirs. */
final class ShadowedRules {

    private final List<AccessRule> rules;
    private final List<Place> places;
    private final Findings findings;

    ShadowedRules(List<AccessRule> rules, List<Place> places, Findings findings) {
        this.rules = rules;
        this.places = places;
        this.findings = findings;
    }

    void find() {
        for (int i = 0; i < rules.size(); i++) {
            AccessRule rule = rules.get(i);
            if (rule.isVoid()) {
                continue;
            }
            Optional<AccessRule> before = coverOf(rule, i);
            if (before.isPresent()) {
                findings.warn(
                        Warning.Kind.SHADOWED_RULE,
                        places.get(i).where(),
                        "access: the rule never applies: " + words(before.get()) + " covers all its requests");
            } else if (rule.keys().size() > 1) {
                for (String key : rule.keys()) {
                    findKey(rule, key, i);
                }
            }
        }
    }

    private void findKey(AccessRule rule, String key, int index) {
        AccessRule part = new AccessRule(rule.who(), rule.allows(), rule.commands(), List.of(key), rule.where());
        coverOf(part, index)
                .ifPresent(before -> findings.warn(
                        Warning.Kind.SHADOWED_RULE,
                        places.get(index).field(ClientTexts.KEYS).where(),
                        "access: keys: " + LuaValues.quote(key) + " never applies: " + words(before)
                                + " covers all such requests"));
    }

    private Optional<AccessRule> coverOf(AccessRule rule, int index) {
        return rules.subList(0, index).stream()
                .filter(before -> before.covers(rule))
                .findFirst();
    }

    private static String words(AccessRule before) {
        return "the rule at " + before.where();
    }
}
