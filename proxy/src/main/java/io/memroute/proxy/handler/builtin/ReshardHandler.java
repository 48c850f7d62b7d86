package io.memroute.proxy.handler.builtin;

import io.memroute.protocol.Request;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.handler.Argument;
import io.memroute.proxy.handler.Arguments;
import io.memroute.proxy.handler.Changes;
import io.memroute.proxy.handler.Handler;
import io.memroute.proxy.handler.HandlerSpec;
import io.memroute.proxy.handler.Parts;
import io.memroute.proxy.handler.Reading;
import io.memroute.proxy.handler.Review;
import io.memroute.proxy.handler.Shown;
import io.memroute.proxy.handler.Spread;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.builtin.OwedKeys;
import io.memroute.proxy.route.builtin.ReshardProgress;
import io.memroute.proxy.route.builtin.ReshardRoute;
import io.memroute.proxy.route.builtin.WarmRoute;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** {@code route_reshard}: from one pool to another with other servers, without misses for keys that change servers. */
public final class ReshardHandler implements Handler {

    private static final String NAME = "reshard";

    private static final int DEFAULT_QUIET_SECONDS = 600;

    private static final Argument<Optional<ChildSpec>> FROM =
            Argument.child("from", "where the data is: the pool as it was");

    private static final Argument<Optional<ChildSpec>> TO =
            Argument.child("to", "where it is to be: the pool as it becomes");

    private static final Argument<Integer> QUIET = Argument.integer(
            "quiet",
            "seconds",
            1,
            Integer.MAX_VALUE,
            DEFAULT_QUIET_SECONDS,
            "the old side is no longer asked once it has had nothing for this long");

    private static final Argument<Optional<String>> COUNTER = Argument.counters(
            "_old_deleted",
            "`X_moved`: items found on the old side; `X_old_misses`: gets that it did not have either; `X_old_failed`,"
                    + " `X_old_deleted`, `X_old_lost`: [what it failed to take](#when-the-old-side-fails)");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(FROM, TO, QUIET, COUNTER);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        int quiet = QUIET.in(reading);
        Optional<String> counter = COUNTER.in(reading);
        Optional<ChildSpec> from = FROM.in(reading);
        Optional<ChildSpec> to = TO.in(reading);
        return from.isPresent() && to.isPresent()
                ? Optional.of(new Spec(
                        from.get(),
                        to.get(),
                        Duration.ofSeconds(quiet),
                        counter,
                        reading.position().label(),
                        reading.where()))
                : Optional.empty();
    }

    /**
     * @param quiet how long the old side must have had nothing; whole seconds
     * @param counter what its counters are named after; empty if nothing is counted
     * @param label names its place
     */
    public record Spec(
            ChildSpec from, ChildSpec to, Duration quiet, Optional<String> counter, String label, SourceLocation where)
            implements HandlerSpec {

        /**
         * Two routes of two configurations are the same move, of which the second goes on with the progress of the
         * first, if these are equal.
         *
         * @param label names the place of the route
         */
        private record Move(String label, Duration quiet, Object from, Object to) {

            static Move of(Spec spec) {
                return new Move(spec.label(), spec.quiet(), side(spec.from()), side(spec.to()));
            }

            /** The part of a side that decides where keys are. */
            private static Object side(ChildSpec child) {
                return child instanceof ChildSpec.PoolChild(PoolSpec pool)
                        ? List.of(
                                pool.backends().stream()
                                        .map(BackendSpec::address)
                                        .toList(),
                                pool.servers(),
                                pool.options().selection())
                        : child;
            }
        }

        /** The objects that the routes of all workers share. */
        private record Shared(ReshardProgress progress, OwedKeys owed, Optional<ReshardRoute.Owners> owners) {}

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public List<ZonedChild> children() {
            return List.of(new ZonedChild(TO.name(), to), new ZonedChild(FROM.name(), from));
        }

        @Override
        public void show(Shown to) {
            to.put(QUIET, quiet).put(COUNTER, counter);
        }

        @Override
        public String words(Request request) {
            if (owners().filter(owners -> owners.stays(request)).isPresent()) {
                return "\"to\" alone: this key has the same server in both";
            }
            return WarmHandler.words(request, "to", "from");
        }

        @Override
        public Spread spread() {
            return Spread.FIRST_ANSWERS;
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
            return true;
        }

        @Override
        public List<ZonedChild> gutters() {
            return List.of();
        }

        @Override
        public void review(Review review) {
            if (from instanceof ChildSpec.PoolChild
                    && to instanceof ChildSpec.PoolChild
                    && Move.side(from).equals(Move.side(to))) {
                review.warn(Warning.Kind.NO_EFFECT, "both pools have all keys on the same servers");
            }
        }

        @Override
        public Route compile(Parts parts) {
            String shown = "route_reshard at " + where;
            Shared shared = parts.shared(
                    this,
                    () -> new Shared(
                            parts.lasting(
                                            Move.of(this),
                                            () -> new ReshardProgress(quiet.toMillis(), InstantSource.system(), shown))
                                    .named(shown),
                            WarmHandler.owed(parts, NAME, counter, label, where),
                            owners()));
            Route newSide = parts.child(to);
            WarmRoute moving = new WarmRoute(
                    newSide,
                    parts.child(from),
                    shared.owed(),
                    parts.requests(),
                    counter.map(name -> WarmHandler.counters(
                                    parts, name + "_moved", Optional.of(name + "_old_misses"), name + "_old"))
                            .orElse(WarmRoute.Counters.NONE),
                    shared.progress(),
                    parts.worker());
            return new ReshardRoute(newSide, moving, shared.owners().orElse(null), shared.progress());
        }

        /** Empty unless both children are pools. */
        private Optional<ReshardRoute.Owners> owners() {
            if (!(from instanceof ChildSpec.PoolChild(PoolSpec old)
                    && to instanceof ChildSpec.PoolChild(PoolSpec renewed))) {
                return Optional.empty();
            }
            KeyDistributor before = old.distributor();
            KeyDistributor after = renewed.distributor();
            boolean[][] same =
                    new boolean[old.backends().size()][renewed.backends().size()];
            for (int i = 0; i < same.length; i++) {
                for (int j = 0; j < same[i].length; j++) {
                    same[i][j] = old.backends()
                            .get(i)
                            .address()
                            .equals(renewed.backends().get(j).address());
                }
            }
            return Optional.of(request -> {
                int place = before.select(request.buffer(), request.keyIndex(), request.keyLength());
                return same[place][after.select(request.buffer(), request.keyIndex(), request.keyLength())];
            });
        }
    }
}
