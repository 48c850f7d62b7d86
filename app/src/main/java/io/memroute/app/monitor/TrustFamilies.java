package io.memroute.app.monitor;

import static io.memroute.app.monitor.Families.by;

import io.memroute.app.monitor.Families.Samples;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.metrics.ProxyNumbers;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.tls.ClientTls;
import io.memroute.proxy.tls.OwnCertificate;
import io.memroute.proxy.tls.TlsCounters;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** The metrics about TLS and logins. */
final class TrustFamilies {

    private TrustFamilies() {}

    static void add(Families families, ProxyServer server, ProxyNumbers numbers) {
        Optional<ClientTls> tls = server.tls();
        families.counter(
                        "memroute_ssl_handshakes_total",
                        "TLS handshakes of clients, by result",
                        by("result")
                                .add(count(tls, TlsCounters::handshakes), "success")
                                .add(count(tls, TlsCounters::handshakeErrors), "failure"))
                .counter(
                        "memroute_ssl_protocol_errors_total",
                        "Client connections that a fault in TLS has ended after the handshake",
                        count(tls, TlsCounters::protocolErrors))
                .gauge(
                        "memroute_ssl_certificate_expiry_timestamp_seconds",
                        "When a certificate that is shown to clients or servers ends, by its file",
                        expiries(server))
                .counter(
                        "memroute_logins_total",
                        "Pairs of user and password that clients have sent, by result",
                        by("result")
                                .add(
                                        numbers.count(Counter.AUTH_COMMANDS) - numbers.count(Counter.AUTH_ERRORS),
                                        "success")
                                .add(numbers.count(Counter.AUTH_ERRORS), "failure"));
    }

    private static long count(Optional<ClientTls> tls, ToLongFunction<TlsCounters> number) {
        return tls.map(clients -> number.applyAsLong(clients.counters())).orElse(0L);
    }

    private static Samples expiries(ProxyServer server) {
        Map<String, Instant> ends = new TreeMap<>();
        server.tls().ifPresent(tls -> ends.put(tls.settings().chain().toString(), tls.validUntil()));
        server.configuration()
                .ifPresent(configuration -> configuration
                        .allPools()
                        .map(PoolSpec::backends)
                        .flatMap(backends -> backends.stream().map(BackendSpec::tls))
                        .filter(tls -> tls.enabled() && tls.own().isPresent())
                        .forEach(tls -> {
                            OwnCertificate own = tls.own().orElseThrow();
                            ends.put(own.file(), own.validUntil());
                        }));
        Samples samples = by("file");
        ends.forEach((file, end) -> samples.add(end.toEpochMilli() / 1e3, file));
        return samples;
    }
}
