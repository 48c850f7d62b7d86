package io.memroute.proxy.config.clients;

import io.memroute.proxy.access.QuotaRule;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.Place;
import java.util.List;
import java.util.stream.IntStream;

/** Finds limits of {@code quotas{}} that never bind, since another is always reached before. */
final class NeverBinding {

    private final List<QuotaRule> rules;
    private final List<Place> places;
    private final Findings findings;

    NeverBinding(List<QuotaRule> rules, List<Place> places, Findings findings) {
        this.rules = rules;
        this.places = places;
        this.findings = findings;
    }

    void find() {
        for (int i = 0; i < rules.size(); i++) {
            int rule = i;
            IntStream.range(0, rules.size())
                    .filter(other -> other != rule && bindsBefore(other, rule))
                    .findFirst()
                    .ifPresent(other -> findings.warn(
                            Warning.Kind.SHADOWED_RULE,
                            places.get(rule).where(),
                            "quotas: the limit never binds: that at "
                                    + rules.get(other).where() + " is about the same requests, and is reached first"));
        }
    }

    /** Whether a rule is reached before another; of two that are alike, the earlier one. */
    private boolean bindsBefore(int other, int rule) {
        return rules.get(rule).isWithin(rules.get(other))
                && (other < rule || !rules.get(other).isWithin(rules.get(rule)));
    }
}
