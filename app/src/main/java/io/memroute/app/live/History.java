package io.memroute.app.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps the overview of the last {@value #KEPT_SECONDS} seconds. Thread safe. */
public final class History {

    /** Ten minutes: what led to what is seen now. Longer is for a monitoring system. */
    private static final int KEPT_SECONDS = 600;

    private final Deque<Point> points = new ArrayDeque<>(KEPT_SECONDS);

    History() {}

    /** A list for each number, as charts take them; entries with the same place belong together. */
    public record Columns(
            List<@Nullable Object> time,
            List<@Nullable Object> rate,
            List<@Nullable Object> hitRatio,
            List<@Nullable Object> errorRate,
            List<@Nullable Object> p50,
            List<@Nullable Object> p99,
            List<@Nullable Object> active,
            List<@Nullable Object> connections) {}

    synchronized void add(Point point) {
        if (points.size() == KEPT_SECONDS) {
            points.removeFirst();
        }
        points.addLast(point);
    }

    /** The last one added. */
    synchronized Point latest() {
        return points.getLast();
    }

    synchronized Columns columns() {
        return new Columns(
                column(Point::time),
                column(Point::rate),
                column(Point::hitRatio),
                column(Point::errorRate),
                column(Point::p50),
                column(Point::p99),
                column(Point::active),
                column(Point::connections));
    }

    private List<@Nullable Object> column(Function<Point, @Nullable Object> number) {
        List<@Nullable Object> column = new ArrayList<>(points.size());
        points.forEach(point -> column.add(number.apply(point)));
        return column;
    }
}
