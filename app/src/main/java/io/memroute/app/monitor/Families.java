package io.memroute.app.monitor;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Collects metric families of one scrape. Names are given as Prometheus shows them; the unit is taken from the name.
 */
final class Families {

    private static final String TOTAL = "_total";
    private static final String INFO = "_info";

    private final MetricSnapshots.Builder snapshots = MetricSnapshots.builder();

    /** The samples of a family: values by labels. */
    static final class Samples {
        private final String[] names;
        private final Map<Labels, Double> values = new LinkedHashMap<>();

        private Samples(String... names) {
            this.names = names;
        }

        /** Adds a sample; values with the same labels are added up. */
        Samples add(double value, String... labelValues) {
            values.merge(Labels.of(names, labelValues), value, Double::sum);
            return this;
        }
    }

    /** Samples with these labels. */
    static Samples by(String... labelNames) {
        return new Samples(labelNames);
    }

    MetricSnapshots all() {
        return snapshots.build();
    }

    Families gauge(String name, String help, double value) {
        return gauge(name, help, by().add(value));
    }

    Families gauge(String name, String help, Samples samples) {
        GaugeSnapshot.Builder family = described(GaugeSnapshot.builder(), name, name, help);
        samples.values.forEach((labels, value) -> family.dataPoint(
                GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
        return add(family);
    }

    Families counter(String name, String help, double value) {
        return counter(name, help, by().add(value));
    }

    /** @param name ends with {@code _total} */
    Families counter(String name, String help, Samples samples) {
        CounterSnapshot.Builder family = described(CounterSnapshot.builder(), name, without(name, TOTAL), help);
        samples.values.forEach((labels, value) -> family.dataPoint(
                CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
        return add(family);
    }

    /** A family of numbers that may go up and down, and that count something. */
    Families unknown(String name, String help, Samples samples) {
        UnknownSnapshot.Builder family = described(UnknownSnapshot.builder(), name, name, help);
        samples.values.forEach((labels, value) -> family.dataPoint(
                UnknownDataPointSnapshot.builder().labels(labels).value(value).build()));
        return add(family);
    }

    /** @param name ends with {@code _info} */
    Families info(String name, String help, String... labels) {
        InfoSnapshot.Builder family = described(InfoSnapshot.builder(), name, without(name, INFO), help);
        return add(family.dataPoint(
                InfoDataPointSnapshot.builder().labels(Labels.of(labels)).build()));
    }

    /** @param points adds the data points */
    Families histogram(String name, String help, BiConsumer<HistogramSnapshot.Builder, Families> points) {
        HistogramSnapshot.Builder family = described(HistogramSnapshot.builder(), name, name, help);
        points.accept(family, this);
        return add(family);
    }

    /** @param counts one more than there are bounds; each is for its bucket alone */
    static HistogramDataPointSnapshot histogramPoint(Labels labels, double[] bounds, long[] counts, double sum) {
        double[] withInfinity = java.util.Arrays.copyOf(bounds, counts.length);
        withInfinity[bounds.length] = Double.POSITIVE_INFINITY;
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(ClassicHistogramBuckets.of(withInfinity, counts))
                .sum(sum)
                .build();
    }

    private Families add(MetricSnapshot.Builder<?> family) {
        snapshots.metricSnapshot(family.build());
        return this;
    }

    private static <B extends MetricSnapshot.Builder<B>> B described(B builder, String name, String base, String help) {
        builder.name(base).help(help);
        if (without(name, TOTAL).endsWith("_seconds")) {
            builder.unit(Unit.SECONDS);
        } else if (without(name, TOTAL).endsWith("_bytes")) {
            builder.unit(Unit.BYTES);
        }
        return builder;
    }

    private static String without(String name, String suffix) {
        return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
    }
}
