package io.memroute.app.monitor;

import io.memroute.proxy.metrics.Distribution;
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
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
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

    /** The label of all that have no series of their own. */
    static final String OTHER = "(other)";

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

    /** The distributions of a family, by labels. */
    static final class Durations {
        private final String[] names;
        private final Map<Labels, Distribution> values = new LinkedHashMap<>();

        private Durations(String... names) {
            this.names = names;
        }

        /** Adds a distribution; those with the same labels are added up. */
        Durations add(Distribution distribution, String... labelValues) {
            values.merge(Labels.of(names, labelValues), distribution, Distribution::plus);
            return this;
        }
    }

    /** Distributions with these labels. */
    static Durations durationsBy(String... labelNames) {
        return new Durations(labelNames);
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

    /** A family of histograms; distributions with the same labels are added up. */
    Families histogram(String name, String help, Durations durations) {
        return histogram(
                name,
                help,
                (family, all) -> durations.values.forEach(
                        (labels, distribution) -> family.dataPoint(histogramPoint(labels, distribution))));
    }

    private static HistogramDataPointSnapshot histogramPoint(Labels labels, Distribution distribution) {
        double[] bounds = Distribution.shownSeconds().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        long[] counts = new long[bounds.length + 1];
        long before = 0;
        for (int i = 0; i < bounds.length; i++) {
            long upTo = distribution.countUpTo(bounds[i]);
            counts[i] = upTo - before;
            before = upTo;
        }
        counts[bounds.length] = distribution.count() - before;
        return histogramPoint(labels, bounds, counts, distribution.sumSeconds());
    }

    /**
     * A family of summaries: counts and sums since the start, and quantiles of what came lately.
     *
     * @param recent has the same labels
     */
    Families summary(String name, String help, double[] quantiles, Durations since, Durations recent) {
        SummarySnapshot.Builder family = described(SummarySnapshot.builder(), name, name, help);
        since.values.forEach((labels, distribution) -> family.dataPoint(SummaryDataPointSnapshot.builder()
                .labels(labels)
                .count(distribution.count())
                .sum(distribution.sumSeconds())
                .quantiles(quantiles(quantiles, recent.values.getOrDefault(labels, Distribution.EMPTY)))
                .build()));
        return add(family);
    }

    /** A family of quantiles of what came lately, without counts. */
    Families quantiles(String name, String help, double[] quantiles, Durations recent) {
        SummarySnapshot.Builder family = described(SummarySnapshot.builder(), name, name, help);
        recent.values.forEach((labels, distribution) -> family.dataPoint(SummaryDataPointSnapshot.builder()
                .labels(labels)
                .quantiles(quantiles(quantiles, distribution))
                .build()));
        return add(family);
    }

    /**
     * Returns quantiles that are not a number where nothing came: Prometheus shows a gap then, and no server that
     * answers within no time.
     */
    private static Quantiles quantiles(double[] quantiles, Distribution distribution) {
        Quantiles.Builder builder = Quantiles.builder();
        for (double quantile : quantiles) {
            builder.quantile(
                    quantile, distribution.count() == 0 ? Double.NaN : distribution.percentileSeconds(quantile * 100));
        }
        return builder.build();
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
