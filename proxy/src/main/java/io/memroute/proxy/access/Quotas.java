package io.memroute.proxy.access;

import io.memroute.proxy.trust.Identity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Limits as one worker applies them. Owned by the worker's thread. */
public final class Quotas {

    /** @param identity the name of the client it limits; empty if many share it */
    private record Part(QuotaRule rule, String identity) {}

    private final List<QuotaRule> rules;
    /** The places of the rules now, by the rules without any. */
    private Map<QuotaRule, RulePlace> places = new HashMap<>();

    private final QuotaBook book;
    private final int workers;
    private final Map<Part, WorkerQuota> parts = new HashMap<>();

    /**
     * @param book the use by all workers
     * @param workers how many there are
     */
    public Quotas(List<QuotaRule> rules, QuotaBook book, int workers) {
        this.rules = rules.stream().map(QuotaRule::anywhere).toList();
        rules.forEach(rule -> places.putIfAbsent(rule.anywhere(), rule.where()));
        this.book = book;
        this.workers = workers;
        book.retain(this.rules);
    }

    /** Other limits, of which those that are here too keep their use. Returns these if they are the same. */
    public Quotas changedTo(List<QuotaRule> other) {
        Quotas next = new Quotas(other, book, workers);
        if (next.rules.equals(rules)) {
            places = next.places;
            parts.forEach((part, use) -> use.moveTo(placeOf(part.rule())));
            return this;
        }
        parts.forEach((part, use) -> {
            if (next.rules.contains(part.rule())) {
                use.moveTo(next.placeOf(part.rule()));
                next.parts.put(part, use);
            }
        });
        return next;
    }

    private RulePlace placeOf(QuotaRule rule) {
        return places.getOrDefault(rule, RulePlace.DEFAULT);
    }

    /** The limits for a client, as long as it has this identity. */
    public WorkerQuota[] of(Identity identity, long nowNanos) {
        List<WorkerQuota> own = new ArrayList<>();
        for (QuotaRule rule : rules) {
            if (rule.who().stream().anyMatch(name -> name.isOf(identity))) {
                Part part = new Part(rule, rule.each() ? IdentityName.bestOf(identity) : "");
                own.add(parts.computeIfAbsent(
                        part,
                        added -> new WorkerQuota(
                                rule, placeOf(rule), book.of(rule, added.identity(), nowNanos), workers)));
            }
        }
        return own.toArray(WorkerQuota[]::new);
    }
}
