package io.memroute.proxy.handler.builtin;

import io.memroute.protocol.Request;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.handler.Arguments;
import io.memroute.proxy.handler.Changes;
import io.memroute.proxy.handler.Handler;
import io.memroute.proxy.handler.HandlerSpec;
import io.memroute.proxy.handler.Parts;
import io.memroute.proxy.handler.Reading;
import io.memroute.proxy.handler.Review;
import io.memroute.proxy.handler.Shown;
import io.memroute.proxy.handler.Spread;
import io.memroute.proxy.route.Route;
import java.util.List;
import java.util.Optional;

/** {@code route_null}: answers at once that there is nothing. */
public final class NullHandler implements Handler {

    private static final String NAME = "null";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.ofUnwaiting();
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        return Optional.of(new Spec(reading.where()));
    }

    public record Spec(SourceLocation where) implements HandlerSpec {

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public List<ZonedChild> children() {
            return List.of();
        }

        @Override
        public void show(Shown to) {}

        @Override
        public String words(Request request) {
            return "answers that there is nothing";
        }

        @Override
        public Spread spread() {
            return Spread.NONE_ANSWERS;
        }

        @Override
        public Changes changes() {
            return Changes.NONE;
        }

        @Override
        public boolean chance() {
            return false;
        }

        @Override
        public boolean inSteps() {
            return false;
        }

        @Override
        public List<ZonedChild> gutters() {
            return List.of();
        }

        @Override
        public void review(Review review) {}

        @Override
        public Route compile(Parts parts) {
            return parts.nothing();
        }
    }
}
