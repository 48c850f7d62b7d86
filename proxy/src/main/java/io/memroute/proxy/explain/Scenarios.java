package io.memroute.proxy.explain;

import io.memroute.protocol.Request;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.handler.RoutePlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The courses of one request that an operator wants to know: all well, nothing there, one backend gone, all gone. */
final class Scenarios {

    private final RoutePlan plan;
    private final CommandLine line;
    private final Request request;
    private final String tag;
    private final Set<String> down;
    private final List<String> chosen;
    private final List<Explanation.Scenario> scenarios = new ArrayList<>();

    /**
     * @param down addresses that are down in all scenarios
     * @param chosen the addresses that the key has in the pools below its route
     */
    Scenarios(RoutePlan plan, CommandLine line, Request request, String tag, Set<String> down, List<String> chosen) {
        this.plan = plan;
        this.line = line;
        this.request = request;
        this.tag = tag;
        this.down = down;
        this.chosen = chosen;
    }

    List<Explanation.Scenario> all() {
        boolean someDown = !down.isEmpty() || chosen.stream().anyMatch(this::isConfiguredDown);
        String up = someDown ? "the others up" : "all up";
        Course everywhere = run(true, Set.of(), "");
        scenarios.add(new Explanation.Scenario(up + ", key in all", everywhere));
        Course nowhere = run(false, Set.of(), "");
        if (!nowhere.equals(everywhere)) {
            scenarios.add(new Explanation.Scenario(up + ", key in none", nowhere));
        }
        List<String> mayFail =
                chosen.stream().filter(address -> !down.contains(address)).toList();
        for (String address : mayFail) {
            add(address + " down", run(true, Set.of(address), ""), everywhere);
        }
        if (mayFail.size() > 1) {
            add("all of these down", run(true, new HashSet<>(mayFail), ""), everywhere);
        }
        everywhere.asked().stream()
                .map(Course.Asked::backend)
                .filter(mayFail::contains)
                .findFirst()
                .ifPresent(first -> add(first + " hangs", run(true, Set.of(), first), everywhere));
        return scenarios;
    }

    private boolean isConfiguredDown(String address) {
        return plan.config().backends().stream()
                .anyMatch(backend -> backend.address().equals(address) && backend.down());
    }

    private void add(String condition, Course course, Course allWell) {
        if (!course.equals(allWell)) {
            scenarios.add(new Explanation.Scenario(condition, course));
        }
    }

    private Course run(boolean hasKey, Set<String> alsoDown, String silent) {
        Simulation simulation = new Simulation(plan, (pool, backend) -> standIn(backend, hasKey, alsoDown, silent));
        if (hasKey) {
            simulation.stockEmbedded(line);
        }
        return simulation.run(tag, line, request);
    }

    private StandIn standIn(BackendSpec backend, boolean hasKey, Set<String> alsoDown, String silent) {
        String address = backend.address();
        if (down.contains(address) || alsoDown.contains(address)) {
            return new StandIn.Down();
        }
        return address.equals(silent) ? new StandIn.Silent() : new StandIn.Server(hasKey);
    }
}
