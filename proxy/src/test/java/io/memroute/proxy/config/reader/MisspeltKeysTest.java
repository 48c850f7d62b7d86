package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.placement.PoolOptionsLayer;
import io.memroute.proxy.handler.builtin.Handlers;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** No table of a configuration takes a key that it does not know, and each knows the one that was probably meant. */
class MisspeltKeysTest {

    private static DynamicTest table(String name, String configuration, String error) {
        return DynamicTest.dynamicTest(
                name,
                () -> assertThat(ConfigText.of(configuration).errors())
                        .anySatisfy(message -> assertThat(message).endsWith(error)));
    }

    /** Each of some names with its first two different neighbours swapped, so that it is none of them. */
    private static Stream<String[]> misspelt(Collection<String> names) {
        return names.stream().sorted().map(name -> {
            for (int i = 0; i + 1 < name.length(); i++) {
                String other = name.substring(0, i) + name.charAt(i + 1) + name.charAt(i) + name.substring(i + 2);
                if (!names.contains(other)) {
                    return new String[] {other, name};
                }
            }
            throw new AssertionError(name);
        });
    }

    private static Stream<DynamicTest> keys(String before, Collection<String> names, String after, String subject) {
        return misspelt(names)
                .map(pair -> table(
                        subject + " " + pair[0],
                        before + pair[0] + " = 1" + after,
                        subject + " \"" + pair[0] + "\" (did you mean \"" + pair[1] + "\"?)"));
    }

    @TestFactory
    Stream<DynamicTest> settingsPoolsAndBackends() {
        String routes = " routes{ default = route_direct{ child = 'internal' } }";
        return Stream.of(
                        keys("settings{ ", SettingsLayer.NAMES, " }" + routes, "settings: unknown setting"),
                        keys(
                                "settings{ pool_options = { ",
                                PoolOptionsLayer.NAMES,
                                " } }" + routes,
                                "settings: pool_options: unknown option"),
                        keys(
                                "settings{ backend_options = { ",
                                BackendOptions.names(),
                                " } }" + routes,
                                "settings: backend_options: unknown option"),
                        keys(
                                "pools{ x = { ",
                                Set.of("backends", "options", "backend_options"),
                                " } }" + routes,
                                "pool \"x\": unknown key"),
                        keys(
                                "pools{ x = { backends = { 'a' }, options = { ",
                                PoolOptionsLayer.NAMES,
                                " } } }" + routes,
                                "pool \"x\": options: unknown option"),
                        keys(
                                "pools{ x = { backends = { 'a' }, backend_options = { ",
                                BackendOptions.names(),
                                " } } }" + routes,
                                "pool \"x\": backend_options: unknown option"),
                        keys(
                                "pools{ x = { backends = { { host = 'a', ",
                                BackendsReader.BACKEND_KEYS,
                                " } } } }" + routes,
                                "backend 1 of pool \"x\": unknown option"),
                        keys(
                                "settings{ backend_options = { log = { ",
                                Set.of("rate", "errors", "deadline", "tag"),
                                " } } }" + routes,
                                "settings: backend_options: log: unknown key"),
                        keys(
                                "settings{ backend_options = { tls = { ",
                                Set.of("ca", "verify", "name"),
                                " } } }" + routes,
                                "settings: backend_options: tls: unknown key"))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> routesAndTests() {
        return Stream.of(
                        keys("routes{ ", Set.of("map", "cmap", "default", "conf", "tag"), " }", "routes: unknown key"),
                        keys("routes{ conf = { ", Set.of("mode", "start", "stop"), " } }", "routes: conf: unknown key"),
                        keys(
                                "test{ ",
                                Set.of(
                                        "name",
                                        "tag",
                                        "down",
                                        "given",
                                        "when",
                                        "expect_backend",
                                        "expect_pool",
                                        "expect_reply"),
                                " } routes{ default = route_direct{ child = 'internal' } }",
                                "test: unknown key"),
                        keys("verbosity{ ", Set.of("verbose", "debug", "trace"), " }", "verbosity: unknown flag"))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> handlers() {
        List<String> handlers = List.copyOf(Handlers.names());
        assertThat(handlers).hasSizeGreaterThan(15);
        return handlers.stream()
                .map(handler -> table(
                        handler,
                        "routes{ default = route_" + handler + "{ nmae = 'x' } }",
                        "route_" + handler + ": unknown argument \"nmae\" (did you mean \"name\"?)"));
    }

    @TestFactory
    Stream<DynamicTest> commands() {
        return misspelt(Set.of("touch", "delete", "append", "incr"))
                .map(pair -> table(
                        pair[0],
                        "routes{ cmap = { " + pair[0] + " = route_direct{ child = 'internal' } } }",
                        "routes: cmap: unknown command \"" + pair[0] + "\" (did you mean \"" + pair[1] + "\"?)"));
    }
}
