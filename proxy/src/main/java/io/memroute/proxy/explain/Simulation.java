package io.memroute.proxy.explain;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.memroute.protocol.Command;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.LoneCall;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.handler.RoutePlan;
import io.memroute.proxy.route.RouteMaker;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.route.Router;
import io.memroute.proxy.worker.ServerContext;
import io.memroute.proxy.worker.WorkerContext;
import io.memroute.store.Store;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A worker without network: the compiled routes of a configuration over stand-ins for its backends, with a clock that
 * jumps to whatever is due next. Not thread safe; use a new one for each question whose answer must not depend on those
 * before.
 */
public final class Simulation {

    /**
     * A request that is not answered within this much simulated time never will be: longer than any timeout that makes
     * sense.
     */
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Nor one that takes so long of real time, as functions do that wait a moment again and again. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final MockTicker clock = Ticker.newMockTicker();
    private final EmbeddedChannel loop = EmbeddedChannel.builder().ticker(clock).build();
    private final Store embedded;
    private final StandInBackends backends;
    private final RouteTable routes;

    /** @param cast what each backend does */
    public Simulation(RoutePlan plan, StandIn.Cast cast) {
        this((RouteMaker) plan.afresh(), cast);
    }

    private Simulation(RouteMaker plan, StandIn.Cast cast) {
        embedded = StandInBackends.smallStore();
        backends = new StandInBackends(cast, loop.eventLoop());
        routes = compiled(
                plan,
                new WorkerContext(
                        loop.eventLoop(),
                        loop.eventLoop(),
                        ServerContext.offline(UnpooledByteBufAllocator.DEFAULT, embedded)));
    }

    private RouteTable compiled(RouteMaker plan, WorkerContext worker) {
        try {
            return plan.compile(backends, worker);
        } catch (ConfigException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /**
     * Makes the routes of a configuration once, as every worker does, for what only that finds out.
     *
     * @throws ConfigException if a handler in Lua fails
     */
    public static RoutePlan tryOut(RoutePlan plan) throws ConfigException {
        routesOf(plan.afresh());
        return plan;
    }

    /**
     * The routes of a configuration that is used for nothing else, as every worker makes them.
     *
     * @throws ConfigException if its Lua fails
     */
    static RouteTable routesOf(RouteMaker plan) throws ConfigException {
        try {
            return new Simulation(plan, (pool, backend) -> new StandIn.Server(false)).routes;
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof ConfigException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Has the embedded store hold the keys of a command. */
    void stockEmbedded(CommandLine line) {
        line.perKey().forEach(request -> StandInBackends.stock(embedded, request, 0));
    }

    /** Moves the clock. */
    public void pass(Duration time) {
        clock.advance(time.toNanos(), TimeUnit.NANOSECONDS);
        loop.runScheduledPendingTasks();
    }

    /**
     * Runs a command of a client to its end, and whatever the routes do besides.
     *
     * @param tag of the listener that the client is connected to
     * @throws IllegalArgumentException if it is not a good storage command
     */
    public Course run(String tag, CommandLine line) {
        List<Course> courses =
                line.perKey().stream().map(request -> run(tag, line, request)).toList();
        if (courses.size() == 1) {
            return courses.getFirst();
        }
        List<Course.Asked> asked = new ArrayList<>();
        StringBuilder reply = new StringBuilder();
        courses.forEach(course -> {
            asked.addAll(course.asked());
            reply.append(course.reply());
        });
        String outcome = courses.stream().map(Course::outcome).distinct().collect(Collectors.joining(", "));
        return new Course(
                asked,
                reply.append("END\r\n").toString(),
                outcome,
                "",
                courses.getLast().after());
    }

    /** Runs what the command means for one of its keys. */
    Course run(String tag, CommandLine line, Request request) {
        if (line.error().isPresent() || !request.command().isStorage() || request.command() == Command.MN) {
            throw new IllegalArgumentException("no command that is routed: " + line.text());
        }
        Router router = routes.router(tag);
        Client client = new Client(request);
        List<Course.Asked> asked = new ArrayList<>();
        backends.record(asked);
        long started = clock.nanoTime();
        if (router == null) {
            client.answerFrom(embedded);
        } else {
            router.route(request).start(client);
        }
        runToTheEnd(client, started);
        return client.course(backends.asked(), Duration.ofNanos(client.answeredAt - started));
    }

    private void runToTheEnd(Client client, long started) {
        long last = started + LONGEST.toNanos();
        long patienceEnds = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - patienceEnds < 0) {
            backends.deliverAll();
            long next = loop.runScheduledPendingTasks();
            if (backends.idle() && (next < 0 || clock.nanoTime() + next > last)) {
                break;
            }
            if (backends.idle()) {
                clock.advance(next, TimeUnit.NANOSECONDS);
            }
        }
        if (!client.answered) {
            throw new IllegalStateException("the route never answered " + CommandLine.lineOf(client.request()));
        }
    }

    /** The client's side of one request: makes of the reply what a client connection would send. */
    private final class Client extends LoneCall {
        private final StringBuilder reply = new StringBuilder();
        private String outcome = "";
        private String from = "";
        private boolean answered;
        private long answeredAt;

        Client(Request request) {
            super(request);
        }

        @Override
        public void replied(Reply got) {
            if (answered) {
                throw new IllegalStateException("the route answered twice: " + CommandLine.lineOf(request()));
            }
            answered = true;
            answeredAt = clock.nanoTime();
            outcome = StandInBackends.inWords(got);
            from = backends.whoseValue(got);
            if (!request().silences(got.type())) {
                append(got);
            }
        }

        void answerFrom(Store store) {
            replied(StandInBackends.answer(store, request(), null));
        }

        /** As client connections do it: {@code END} belongs to the whole request, not to one key of several. */
        private void append(Reply got) {
            boolean ends =
                    !request().partOfMultiget() && (got.type() == ReplyType.END || got.type() == ReplyType.VALUE);
            if (got.type() != ReplyType.END) {
                int bytes = got.wholeBytes();
                reply.append(got.buffer().toString(got.start(), bytes, ISO_8859_1));
            }
            if (ends) {
                reply.append("END\r\n");
            }
        }

        Course course(List<Course.Asked> asked, Duration after) {
            return new Course(asked, reply.toString(), outcome, from, after);
        }
    }
}
