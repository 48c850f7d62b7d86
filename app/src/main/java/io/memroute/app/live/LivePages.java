package io.memroute.app.live;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;

import io.memroute.app.admin.AdminPages.Cost;
import io.memroute.app.admin.AdminPages.Page;
import io.memroute.app.admin.AdminRequest;
import io.memroute.app.admin.AdminResponse;
import io.memroute.proxy.explain.render.Json;
import java.util.List;
import java.util.Optional;

/** The numbers that move, as JSON: {@code /api/live}, {@code /api/history}, {@code /api/stream}. */
public final class LivePages {

    /** Long enough for percentiles of little traffic, short enough to see what somebody has just done. */
    static final int USUAL_SECONDS = 5;

    private static final String NUMBER = "[0-9]{1,3}";

    private LivePages() {}

    public static List<Page> of(Sampler sampler) {
        return List.of(
                new Page("/api/live", Cost.LOW, request -> live(request, sampler)),
                new Page("/api/history", Cost.LOW, request -> AdminResponse.json(Json.line(sampler.history()))),
                new Page("/api/stream", Cost.LOW, request -> AdminResponse.events(Cost.LOW, sampler::watch)));
    }

    private static AdminResponse live(AdminRequest request, Sampler sampler) {
        Optional<String> asked = request.value("seconds");
        int seconds = asked.filter(text -> text.matches(NUMBER))
                .map(Integer::parseInt)
                .orElse(asked.isPresent() ? 0 : USUAL_SECONDS);
        if (seconds < 1 || seconds > RecentReadings.KEPT.toSeconds()) {
            return AdminResponse.text(
                    BAD_REQUEST, "seconds: expected a number from 1 to " + RecentReadings.KEPT.toSeconds() + "\n");
        }
        return AdminResponse.json(Json.of(sampler.live(seconds)));
    }
}
