package io.memroute.app.monitor;

import static io.memroute.app.monitor.Families.by;
import static io.memroute.app.monitor.Families.durationsBy;

import io.memroute.app.monitor.Families.Durations;
import io.memroute.app.monitor.Families.Samples;
import io.memroute.proxy.metrics.ClientNumbers;
import io.memroute.proxy.metrics.Distribution;
import io.memroute.proxy.metrics.IdentityNumbers;
import io.memroute.proxy.metrics.ProxyNumbers;
import io.memroute.proxy.metrics.RouteNumbers;
import io.memroute.proxy.stats.CommandClass;
import io.memroute.proxy.stats.Counter;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The metrics about clients, their requests, and the routes that have a name. */
final class ClientFamilies {

    /** Quantiles of clients' requests: what they wait for usually, and at worst. */
    private static final double[] QUANTILES = {0.5, 0.9, 0.99, 0.999};

    /** Routes with series of their own: each has a histogram of 17. */
    static final int MOST_ROUTES = 100;

    private ClientFamilies() {}

    /** @param earlier the numbers that recent quantiles begin with */
    static void add(Families families, ProxyNumbers numbers, ProxyNumbers earlier) {
        clients(families, numbers);
        listeners(families, numbers.groups());
        identities(families, numbers.identities());
        Samples refusals = by("rule");
        numbers.refusals().forEach((rule, count) -> refusals.add(count, rule));
        families.counter(
                "memroute_rule_refused_total",
                "Requests refused by a rule of access{} or quotas{}, by place of the rule",
                refusals);
        requests(families, numbers);
        latency(families, numbers, earlier);
        routes(families, numbers.routes());
    }

    private static void clients(Families families, ProxyNumbers numbers) {
        families.gauge(
                        "memroute_client_connections",
                        "Client connections open now",
                        numbers.count(Counter.CURRENT_CONNECTIONS))
                .gauge(
                        "memroute_client_connections_limit",
                        "Client connections allowed at one time (-c)",
                        numbers.clients().limit())
                .counter(
                        "memroute_client_connections_accepted_total",
                        "Client connections accepted",
                        numbers.count(Counter.TOTAL_CONNECTIONS))
                .counter(
                        "memroute_client_connections_rejected_total",
                        "Client connections closed because there were too many",
                        numbers.clients().refused())
                .counter(
                        "memroute_client_connections_closed_total",
                        "Client connections closed by the proxy, by reason",
                        by("reason")
                                .add(numbers.count(Counter.IDLE_KICKS), "idle")
                                .add(numbers.count(Counter.REQUEST_TIMEOUTS), "slow_request")
                                .add(numbers.count(Counter.DEAD_CLIENTS), "dead")
                                .add(numbers.count(Counter.CLOSED_FOR_MEMORY), "memory"))
                .counter(
                        "memroute_client_accept_pauses_total",
                        "Times that accepting paused for want of file descriptors",
                        numbers.clients().acceptPauses())
                .counter(
                        "memroute_client_received_bytes_total",
                        "Bytes received from clients",
                        numbers.count(Counter.BYTES_READ))
                .counter(
                        "memroute_client_sent_bytes_total",
                        "Bytes sent to clients",
                        numbers.count(Counter.BYTES_WRITTEN))
                .counter(
                        "memroute_client_protocol_errors_total",
                        "Malformed, unknown and too long requests",
                        numbers.count(Counter.REQUEST_ERRORS));
    }

    private static void listeners(Families families, List<ClientNumbers> groups) {
        families.gauge(
                        "memroute_listener_connections",
                        "Client connections open now, by tag of the listener",
                        each(groups, ClientNumbers::connections))
                .counter(
                        "memroute_listener_connections_accepted_total",
                        "Client connections accepted, by tag of the listener",
                        each(groups, ClientNumbers::accepted))
                .counter(
                        "memroute_listener_connections_rejected_total",
                        "Client connections closed because there were too many, by tag of the listener",
                        each(groups, ClientNumbers::refused))
                .counter(
                        "memroute_listener_requests_total",
                        "Commands that clients have sent, by tag of the listener; each key of a multi-key get counts",
                        each(groups, ClientNumbers::requests))
                .counter(
                        "memroute_listener_errors_total",
                        "Malformed requests, and requests that a route answered with an error, by tag of the listener",
                        each(groups, ClientNumbers::errors))
                .counter(
                        "memroute_listener_received_bytes_total",
                        "Bytes received from clients, by tag of the listener",
                        each(groups, ClientNumbers::receivedBytes))
                .counter(
                        "memroute_listener_sent_bytes_total",
                        "Bytes sent to clients, by tag of the listener",
                        each(groups, ClientNumbers::sentBytes));
    }

    private static Samples each(List<ClientNumbers> groups, ToDoubleFunction<ClientNumbers> number) {
        Samples samples = by("listener");
        groups.forEach(group -> samples.add(number.applyAsDouble(group), group.listener()));
        return samples;
    }

    private static void identities(Families families, List<IdentityNumbers> identities) {
        Samples requests = by("identity");
        Samples denied = by("identity");
        Samples exceeded = by("identity", "limit");
        identities.forEach(each -> {
            requests.add(each.requests(), each.identity());
            denied.add(each.denied(), each.identity());
            each.exceeded().forEach((kind, count) -> exceeded.add(count, each.identity(), kind.word()));
        });
        families.counter(
                        "memroute_identity_requests_total",
                        "Requests that rules of access{} or quotas{} were applied to, by identity",
                        requests)
                .counter(
                        "memroute_access_denied_total",
                        "Requests refused by the rules of access{}, by identity",
                        denied)
                .counter(
                        "memroute_quota_exceeded_total",
                        "Requests above a limit of quotas{}, by identity and what is limited",
                        exceeded);
    }

    private static void requests(Families families, ProxyNumbers numbers) {
        Samples results = by("command", "result");
        numbers.results()
                .forEach((command, kinds) -> kinds.forEach((kind, count) -> {
                    if (count > 0 || CommandClass.outcomes(command).contains(kind)) {
                        results.add(count, command, kind.word());
                    }
                }));
        Samples named = by("name");
        numbers.named().forEach((name, count) -> named.add(count, name));
        families.counter(
                        "memroute_requests_total",
                        "Requests to routes that have ended, by command and outcome; each key of a multi-key get"
                                + " counts",
                        results)
                .gauge(
                        "memroute_requests_active",
                        "Requests given to a route that are not answered, or of which something sent is not",
                        numbers.count(Counter.ACTIVE_REQUESTS))
                .gauge(
                        "memroute_requests_active_limit",
                        "Active requests allowed at one time (active_req_limit); 0: no limit",
                        numbers.limits().activeRequests())
                .counter(
                        "memroute_requests_rejected_total",
                        "Requests refused because of a limit, by limit",
                        by("reason")
                                .add(numbers.count(Counter.ACTIVE_LIMIT_REFUSALS), "active_limit")
                                .add(numbers.count(Counter.DEPTH_LIMIT_REFUSALS), "depth")
                                .add(numbers.count(Counter.OUT_OF_MEMORY), "memory"))
                .counter(
                        "memroute_errors_as_misses_total",
                        "Gets that a server failed to answer and miss_on_error answered with a miss",
                        numbers.count(Counter.ERRORS_AS_MISSES))
                .unknown(
                        "memroute_named_value",
                        "Counters named by the configuration and by Lua programs, which may also count down",
                        named)
                .gauge(
                        "memroute_buffer_memory_bytes",
                        "Values and replies held for requests on their way",
                        numbers.count(Counter.BUFFER_MEMORY))
                .gauge(
                        "memroute_buffer_memory_limit_bytes",
                        "Limit on them (buffer_memory_limit); 0: no limit",
                        numbers.limits().bufferMemoryBytes());
    }

    private static void latency(Families families, ProxyNumbers numbers, ProxyNumbers earlier) {
        Durations all = durationsBy("class");
        Durations recent = durationsBy("class");
        numbers.latency().forEach((kind, durations) -> {
            all.add(durations, kind.word());
            Distribution before = earlier.latency().getOrDefault(kind, Distribution.EMPTY);
            recent.add(durations.minus(before), kind.word());
        });
        families.histogram(
                        "memroute_request_duration_seconds",
                        "Time from the last byte of a request to the last byte of its reply, by class of commands",
                        all)
                .quantiles(
                        "memroute_request_recent_duration_seconds",
                        "Quantiles of that time over the last minute",
                        QUANTILES,
                        recent);
    }

    private static void routes(Families families, List<RouteNumbers> routes) {
        Samples results = by("route", "result");
        Durations durations = durationsBy("route");
        for (int i = 0; i < routes.size(); i++) {
            RouteNumbers route = routes.get(i);
            String name = i < MOST_ROUTES ? route.name() : Families.OTHER;
            results.add(route.hits(), name, "hit")
                    .add(route.misses(), name, "miss")
                    .add(route.errors(), name, "error");
            durations.add(route.latency(), name);
        }
        families.counter(
                        "memroute_route_requests_total",
                        "Requests to routes with a name that have ended, by result",
                        results)
                .histogram(
                        "memroute_route_duration_seconds",
                        "Time from when a route with a name got a request until its reply was there",
                        durations);
    }
}
