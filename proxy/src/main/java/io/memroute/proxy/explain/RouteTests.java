package io.memroute.proxy.explain;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.RouteTest;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.reader.LoadedConfig;
import io.memroute.proxy.handler.RoutePlan;
import io.memroute.proxy.script.library.LuaRoutePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Runs a configuration's {@code test{}} blocks: its compiled routes over stand-ins for its backends. */
public final class RouteTests {

    /** @param results in the order of the files */
    public record Report(List<Result> results) {

        public Report {
            results = List.copyOf(results);
        }

        public long failed() {
            return results.stream().filter(result -> !result.passed()).count();
        }
    }

    /**
     * @param mismatches what was expected and is not so; empty if the test passed
     * @param explanation where the command goes; for a failed test only
     */
    public record Result(
            String name,
            SourceLocation where,
            boolean passed,
            List<Mismatch> mismatches,
            Course course,
            Optional<Explanation> explanation) {}

    /** @param what {@code backend}, {@code pool}, {@code reply} or {@code request} */
    public record Mismatch(String what, String expected, String actual) {}

    private final LoadedConfig loaded;
    private final RoutePlan plan;

    private RouteTests(LoadedConfig loaded, ConfigHost host) throws ConfigException {
        this.loaded = loaded;
        this.plan = Simulation.tryOut(LuaRoutePlan.plan(loaded.config(), host));
    }

    /**
     * Runs the tests.
     *
     * @param host where handlers in Lua print to
     * @throws ConfigException if a handler in Lua fails where routes are made
     */
    public static Report run(LoadedConfig loaded, ConfigHost host) throws ConfigException {
        RouteTests tests = new RouteTests(loaded, host);
        return new Report(loaded.tests().stream().map(tests::run).toList());
    }

    private Result run(RouteTest test) {
        CommandLine line = CommandLine.of(test.when());
        Course course =
                new Simulation(plan, (pool, backend) -> standIn(test.given(), pool, backend)).run(test.tag(), line);
        List<Mismatch> mismatches = mismatches(test, course);
        Optional<Explanation> explanation = mismatches.isEmpty()
                ? Optional.empty()
                : Optional.of(new Why(plan).explain(line, test.tag(), Set.of()));
        return new Result(test.name(), test.where(), mismatches.isEmpty(), mismatches, course, explanation);
    }

    private static StandIn standIn(Map<String, RouteTest.Given> given, PoolSpec pool, BackendSpec backend) {
        RouteTest.Given does = given.get(backend.address());
        if (does == null) {
            does = given.get(backend.label());
        }
        if (does == null) {
            does = given.get(pool.name());
        }
        return switch (does) {
            case null -> new StandIn.Server(true);
            case RouteTest.Given.Server(boolean hasKeys) -> new StandIn.Server(hasKeys);
            case RouteTest.Given.Down() -> new StandIn.Down();
            case RouteTest.Given.Silent() -> new StandIn.Silent();
            case RouteTest.Given.Says(String reply) -> new StandIn.Says(reply);
        };
    }

    private List<Mismatch> mismatches(RouteTest test, Course course) {
        List<Course.Asked> reached = course.asked().stream()
                .filter(asked -> !asked.answer().equals(Course.DOWN))
                .toList();
        List<Mismatch> mismatches = new ArrayList<>();
        test.backends()
                .ifPresent(expected -> compare(
                        "backend",
                        expected.stream().map(this::address).toList(),
                        reached.stream().map(Course.Asked::backend).toList(),
                        mismatches));
        test.pools()
                .ifPresent(expected -> compare(
                        "pool",
                        expected,
                        reached.stream().map(Course.Asked::pool).toList(),
                        mismatches));
        test.request()
                .ifPresent(expected -> compare(
                        "request",
                        List.of(expected),
                        reached.stream().map(Course.Asked::request).distinct().toList(),
                        mismatches));
        test.reply().ifPresent(expected -> {
            boolean word = expected.equals("hit") || expected.equals("miss");
            String actual = word ? course.outcome() : course.reply().replaceFirst("\r\n$", "");
            if (!actual.equals(expected)) {
                mismatches.add(new Mismatch("reply", shown(expected), shown(actual)));
            }
        });
        return mismatches;
    }

    private String address(String name) {
        return loaded.config().backends().stream()
                .filter(backend ->
                        backend.address().equals(name) || backend.label().equals(name))
                .findFirst()
                .map(BackendSpec::address)
                .orElse(name);
    }

    private static void compare(String what, List<String> expected, List<String> actual, List<Mismatch> into) {
        if (!actual.equals(expected)) {
            into.add(new Mismatch(what, inWords(expected), inWords(actual)));
        }
    }

    private static String inWords(List<String> list) {
        return list.isEmpty() ? "none" : list.stream().collect(Collectors.joining(", then "));
    }

    /** A reply on one line. */
    private static String shown(String reply) {
        return reply.isEmpty() ? "nothing" : reply.replace("\r", "\\r").replace("\n", "\\n");
    }
}
