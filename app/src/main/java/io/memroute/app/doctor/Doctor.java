package io.memroute.app.doctor;

import io.memroute.app.remote.RemoteProxy;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Examines proxies, and says what is wrong with them, the worst first. */
final class Doctor {

    /** All rules, in any order: findings are sorted. */
    static final List<Rule> RULES = List.of(
            new ReadinessRule(),
            new ServerDownRule(),
            new SlowServerRule(),
            new ErrorsRule(),
            new TimeoutRule(),
            new ImbalanceRule(),
            new ConnectionsRule(),
            new DescriptorsRule(),
            new FailoverInUseRule(),
            new ColdRouteRule(),
            new FlappingRule(),
            new FailedReloadRule(),
            new LoopLagRule(),
            new WatchersRule());

    private Doctor() {}

    /** @param seconds which the numbers are about */
    static Report examine(List<RemoteProxy> proxies, int seconds) {
        List<Evidence> evidence = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (RemoteProxy proxy : proxies) {
            try {
                evidence.add(Evidence.of(proxy, seconds));
            } catch (IOException e) {
                findings.add(new Finding(
                        Finding.Severity.CRITICAL,
                        Finding.Kind.NO_ANSWER,
                        proxy.name(),
                        "",
                        "the proxy at " + proxy.name() + " does not answer: " + SystemError.text(e),
                        "See whether it runs, with --admin " + proxy.name() + ", and what its log says last.",
                        3));
            }
        }
        evidence.forEach(one -> findings.addAll(findings(one)));
        findings.addAll(Replicas.compare(evidence));
        return new Report(proxies.stream().map(RemoteProxy::name).toList(), findings);
    }

    /** Returns the findings of all rules about one proxy. */
    static List<Finding> findings(Evidence evidence) {
        return RULES.stream()
                .flatMap(rule -> rule.examine(evidence).stream())
                .sorted(Finding.WORST_FIRST)
                .toList();
    }
}
