package io.memroute.proxy.config.clients;

import io.memroute.lua.LuaTable;
import io.memroute.proxy.access.IdentityName;
import io.memroute.proxy.access.QuotaKind;
import io.memroute.proxy.access.QuotaRule;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.library.Recording;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Place;
import io.memroute.proxy.config.source.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Reads the calls of {@code quotas{}}: their limits one after the other. */
final class QuotaReader {

    private static final String QUOTAS = "quotas";
    private static final String EACH = "each";
    private static final String BURST = "burst";
    private static final String ABOVE = "above";
    private static final String MISS = "miss";
    private static final String REFUSE = "refuse";
    private static final Set<String> KEYS = keys();

    /** More than any machine does in a second. */
    private static final long MOST = 1_000_000_000_000L;

    private final ClientTexts texts;
    private final Findings findings;

    QuotaReader(ClientTexts texts, Findings findings) {
        this.texts = texts;
        this.findings = findings;
    }

    private static Set<String> keys() {
        Set<String> keys = new TreeSet<>(List.of(ClientTexts.WHO, ClientTexts.KEYS, EACH, BURST, ABOVE));
        Arrays.stream(QuotaKind.values()).map(QuotaKind::word).forEach(keys::add);
        return keys;
    }

    List<QuotaRule> read(List<Recording.Statement> calls) {
        List<QuotaRule> rules = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        for (Recording.Statement call : calls) {
            for (LuaValues.Entry entry : LuaValues.inOrder(call.argument())) {
                Place place = call.place().field(entry.plainKey());
                if (entry.key() instanceof Long number && entry.value() instanceof LuaTable table) {
                    Section section = new Section(table, QUOTAS + ": limit " + number, "key", place, findings);
                    readRule(section).ifPresent(rule -> {
                        rules.add(rule);
                        places.add(section.place());
                    });
                } else {
                    findings.error(
                            place.where(),
                            QUOTAS + ": expected limits, as in { who = \"user:web\", requests = 1000 }, got "
                                    + LuaValues.describe(entry.value()));
                }
            }
        }
        new NeverBinding(rules, places, findings).find();
        return rules;
    }

    private Optional<QuotaRule> readRule(Section rule) {
        rule.allowOnly(KEYS);
        List<IdentityName> who = texts.who(rule);
        List<String> keys = texts.keys(rule);
        OptionalLong requests = limit(rule, QuotaKind.REQUESTS);
        OptionalLong bytes = limit(rule, QuotaKind.BYTES);
        OptionalLong inFlight = limit(rule, QuotaKind.IN_FLIGHT);
        OptionalLong connections = limit(rule, QuotaKind.CONNECTIONS);
        if (Arrays.stream(QuotaKind.values()).noneMatch(kind -> rule.has(kind.word()))) {
            rule.fail("expected at least one of requests, bytes, in_flight and connections");
            return Optional.empty();
        }
        if (!keys.isEmpty() && (bytes.isPresent() || inFlight.isPresent() || connections.isPresent())) {
            rule.fail(ClientTexts.KEYS, "only requests can be limited by keys");
        }
        Optional<Duration> burst = rule.positiveSeconds(BURST);
        QuotaRule read = new QuotaRule(
                who,
                rule.flag(EACH).orElse(false),
                keys,
                requests,
                bytes,
                inFlight,
                connections,
                burst.map(time -> time.toNanos() / 1e9).orElse(1.0),
                missAbove(rule),
                ClientTexts.placeOf(rule));
        if (burst.isPresent() && !read.limitsRate()) {
            rule.warn(Warning.Kind.NO_EFFECT, BURST, "changes nothing: neither requests nor bytes are limited");
        }
        return Optional.of(read);
    }

    private static OptionalLong limit(Section rule, QuotaKind kind) {
        return rule.wholeNumber(kind.word(), 1, MOST).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    private static boolean missAbove(Section rule) {
        Optional<String> above = rule.text(ABOVE);
        if (above.isPresent() && !Set.of(MISS, REFUSE).contains(above.get())) {
            rule.expected(ABOVE, "\"" + REFUSE + "\" or \"" + MISS + "\"", rule.value(ABOVE));
        }
        return above.filter(MISS::equals).isPresent();
    }
}
