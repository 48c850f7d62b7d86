package io.memroute.app.monitor;

import io.memroute.app.admin.AdminPages.Cost;
import io.memroute.app.admin.AdminPages.Page;
import io.memroute.app.admin.AdminRequest;
import io.memroute.app.admin.AdminResponse;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.metrics.ProxyNumbers;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /metrics}: in the text format of Prometheus, or OpenMetrics for those who accept it. {@code name[]} asks for
 * some metrics only, and may be repeated.
 */
public final class MetricsPage {

    /** The end of a sample's name, behind the name of its family. */
    private static final Pattern SUFFIX = Pattern.compile("_(?:total|info|bucket|count|sum|created)$");

    /** A parameter of an element of {@code Accept}. */
    private static final Pattern QUALITY =
            Pattern.compile("(?:^|;)\\s*q\\s*=\\s*([01](?:\\.[0-9]{0,3})?)\\s*(?=;|$)", Pattern.CASE_INSENSITIVE);

    private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();
    private final ExpositionFormatWriter prometheus = PrometheusTextFormatWriter.create();
    private final MultiCollector collector;
    /** Made at the first scrape: a proxy that nobody scrapes does not load any of it. */
    private @Nullable PrometheusRegistry registry;

    private MetricsPage(MultiCollector collector) {
        this.collector = collector;
    }

    /** @param earlier the numbers that recent quantiles begin with */
    public static List<Page> of(ProxyServer server, Supplier<ProxyNumbers> earlier) {
        return of(new ProxyCollector(server, earlier));
    }

    /** The page while a proxy reads its configuration: it is not ready, and has numbers of its process only. */
    public static List<Page> whileStarting() {
        return of(() -> ProxyCollector.readiness(new Families(), false).all());
    }

    private static List<Page> of(MultiCollector collector) {
        return List.of(new Page("/metrics", Cost.LOW, new MetricsPage(collector)::answer));
    }

    private AdminResponse answer(AdminRequest request) {
        ExpositionFormatWriter writer = prefersOpenMetrics(request.accept()) ? openMetrics : prometheus;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 << 10);
        try {
            writer.write(bytes, scrape(request.values("name[]")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new AdminResponse(HttpResponseStatus.OK.code(), writer.getContentType(), bytes.toByteArray());
    }

    /** Whether a header accepts OpenMetrics, and does not prefer the older format. */
    private static boolean prefersOpenMetrics(String accept) {
        double quality = quality(accept, "application/openmetrics-text");
        return quality > 0 && quality >= quality(accept, "text/plain");
    }

    /** The highest quality that a header names a type with; 0 if it does not name it. */
    private static double quality(String accept, String type) {
        return Arrays.stream(accept.split(","))
                .map(element -> element.split(";", 2))
                .filter(element -> element[0].strip().equalsIgnoreCase(type))
                .mapToDouble(element -> quality(element.length > 1 ? element[1] : ""))
                .max()
                .orElse(0);
    }

    private static double quality(String parameters) {
        Matcher quality = QUALITY.matcher(parameters);
        return quality.find() ? Double.parseDouble(quality.group(1)) : 1;
    }

    private MetricSnapshots scrape(List<String> names) {
        if (names.isEmpty()) {
            return registry().scrape();
        }
        Set<String> families = new HashSet<>(names);
        names.forEach(name -> families.add(SUFFIX.matcher(name).replaceFirst("")));
        MetricSnapshots.Builder chosen = MetricSnapshots.builder();
        registry().scrape().stream()
                .filter(family -> families.contains(family.getMetadata().getPrometheusName()))
                .forEach(chosen::metricSnapshot);
        return chosen.build();
    }

    /**
     * The metrics of the JVM under the names that everybody uses, but for those of threads: counting deadlocked ones
     * stops all threads.
     */
    private synchronized PrometheusRegistry registry() {
        if (registry == null) {
            PrometheusRegistry made = new PrometheusRegistry();
            ProcessMetrics.builder().register(made);
            JvmMemoryMetrics.builder().register(made);
            JvmBufferPoolMetrics.builder().register(made);
            JvmGarbageCollectorMetrics.builder().register(made);
            JvmRuntimeInfoMetric.builder().register(made);
            made.register(collector);
            registry = made;
        }
        return registry;
    }
}
