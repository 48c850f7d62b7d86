package io.memroute.app.monitor;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import io.memroute.app.admin.AdminPages.Cost;
import io.memroute.app.admin.AdminPages.Page;
import io.memroute.app.admin.AdminRequest;
import io.memroute.app.admin.AdminResponse;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.metrics.LoopWatch.LoopNumbers;
import io.memroute.proxy.metrics.PoolNumbers;
import io.memroute.proxy.metrics.ProxyNumbers;
import io.memroute.proxy.metrics.ProxyNumbers.Readiness;
import io.memroute.proxy.text.Shown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Probes for those who restart proxies and send clients to them. {@code /livez}: should this process be restarted?
 * {@code /readyz}: may it get clients? Backends make neither fail by themselves: a restart heals no server, and all
 * proxies would go at once.
 */
public final class HealthPages {

    /**
     * A worker that runs nothing for so long will not by itself: longer than any pause of a garbage collector that is
     * configured with sense, and than a machine that is busy for a moment.
     */
    public static final Duration WORKER_LIMIT = Duration.ofSeconds(5);

    private static final String NUMBER = "[0-9]{1,6}";

    /** A line of the answer: {@code [+]listening ok}, or {@code [-]worker 1 failed: ...}. */
    private record Check(String name, Optional<String> failure) {
        private String line() {
            return failure.map(reason -> "[-]" + name + " failed: " + reason).orElse("[+]" + name + " ok") + "\n";
        }

        private static Check of(String name, boolean good, String reason) {
            return new Check(name, good ? Optional.empty() : Optional.of(reason));
        }
    }

    private HealthPages() {}

    /** The pages under the names of Kubernetes and under those of Prometheus. */
    public static List<Page> of(ProxyServer server) {
        return List.of(
                new Page("/livez", Cost.LOW, request -> live(request, server)),
                new Page("/-/healthy", Cost.LOW, request -> live(request, server)),
                new Page("/readyz", Cost.LOW, request -> ready(request, server)),
                new Page("/-/ready", Cost.LOW, request -> ready(request, server)));
    }

    private static AdminResponse live(AdminRequest request, ProxyServer server) {
        return live(request, server.loopWatch().numbers());
    }

    static AdminResponse live(AdminRequest request, List<LoopNumbers> workers) {
        return answer(request, workers.stream().map(HealthPages::check).toList());
    }

    private static Check check(LoopNumbers worker) {
        return Check.of(
                "worker " + worker.worker(),
                worker.pending().compareTo(WORKER_LIMIT) <= 0,
                String.format(
                        Locale.ROOT,
                        "has not answered for %.1f s",
                        worker.pending().toMillis() / 1e3));
    }

    private static AdminResponse ready(AdminRequest request, ProxyServer server) {
        if (request.value("min").isPresent() && request.value("pool").isEmpty()) {
            return AdminResponse.text(BAD_REQUEST, "min: expected the name of the pool, too: ?pool=NAME&min=NUMBER\n");
        }
        ProxyNumbers numbers = server.numbers();
        Readiness readiness = numbers.readiness();
        List<Check> checks = new ArrayList<>(List.of(
                Check.of("listening", readiness.listening(), "no address is listened on"),
                Check.of("configuration", readiness.configured(), "no configuration is in force"),
                Check.of("staying", !readiness.ending(), "the proxy is ending")));
        if (request.value("pool").isPresent()) {
            String name = request.value("pool").get();
            String least = request.value("min").orElse("1");
            Optional<PoolNumbers> pool = numbers.pools().stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst();
            if (pool.isEmpty() || !least.matches(NUMBER)) {
                return AdminResponse.text(
                        BAD_REQUEST,
                        pool.isEmpty()
                                ? "there is no pool named \"" + Shown.text(name) + "\"\n"
                                : "min: expected a number of servers\n");
            }
            checks.add(Check.of(
                    "pool " + Shown.text(name),
                    pool.get().up() >= Integer.parseInt(least),
                    pool.get().up() + " of " + pool.get().backends().size() + " servers are up, " + least
                            + " are needed"));
        }
        return answer(request, checks);
    }

    private static AdminResponse answer(AdminRequest request, List<Check> checks) {
        boolean good = checks.stream().allMatch(check -> check.failure().isEmpty());
        if (good && request.value("verbose").isEmpty()) {
            return AdminResponse.text(OK, "ok\n");
        }
        StringBuilder text = new StringBuilder();
        checks.forEach(check -> text.append(check.line()));
        return AdminResponse.text(
                good ? OK : SERVICE_UNAVAILABLE,
                text.append(good ? "ok\n" : "failed\n").toString());
    }
}
