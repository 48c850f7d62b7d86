package io.memroute.rules;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Modules and packages depend on each other only where docs/architecture.md and package-info.java let them. */
class ArrowsTest {

    private static final String MEMROUTE = "io.memroute..";
    private static final String PROXY = "io.memroute.proxy..";

    /** The modules that each may use. */
    private static final Map<String, Set<String>> MODULES = Map.of(
            "lua", Set.of(),
            "transport", Set.of(),
            "protocol", Set.of(),
            "testkit", Set.of(),
            "store", Set.of("protocol"),
            "proxy", Set.of("lua", "transport", "protocol", "store"),
            "app", Set.of("lua", "transport", "protocol", "store", "proxy"));

    /**
     * A package and what it must not know, as its {@code package-info.java} says.
     *
     * @param own the package, without {@code io.memroute}
     * @param unknown patterns of packages
     * @param except packages that it may know all the same
     */
    private record Ignorance(String own, List<String> unknown, List<String> except) {

        static Ignorance of(String own, String... unknown) {
            return new Ignorance(own, List.of(unknown), List.of());
        }

        Ignorance but(String... except) {
            return new Ignorance(own, unknown, List.of(except));
        }

        String module() {
            return own.replaceFirst("\\..*", "");
        }

        String packageName() {
            return "io.memroute." + own;
        }

        @Override
        public String toString() {
            return own;
        }
    }

    private static final String[] SOCKETS = {
        "io.netty.channel..", "io.netty.bootstrap..", "java.nio.channels..", "io.memroute.transport.."
    };

    private static String proxy(String room) {
        return "io.memroute.proxy." + room + "..";
    }

    private static String[] proxies(String... rooms) {
        return Stream.of(rooms).map(ArrowsTest::proxy).toArray(String[]::new);
    }

    private static String[] both(String[] some, String... others) {
        return Stream.concat(Stream.of(some), Stream.of(others)).toArray(String[]::new);
    }

    static List<Ignorance> ignorances() {
        return List.of(
                Ignorance.of("lua", MEMROUTE, "io.netty..", "org.slf4j..").but("io.memroute.lua.."),
                Ignorance.of("lua.runtime", MEMROUTE).but("io.memroute.lua", "io.memroute.lua.text"),
                Ignorance.of("lua.code", "io.memroute.lua.compile..", "io.memroute.lua.interpret.."),
                Ignorance.of("lua.load", "io.memroute.lua.lib..", "io.memroute.lua.standard.."),
                Ignorance.of("lua.text", MEMROUTE),
                Ignorance.of("lua.syntax", "io.memroute.lua.compile..", "io.memroute.lua.interpret.."),
                Ignorance.of("lua.compile", "io.memroute.lua.lib.."),
                Ignorance.of("lua.interpret", "io.memroute.lua.compile.."),
                Ignorance.of("lua.analysis", "io.memroute.lua.compile..", "io.memroute.lua.interpret.."),
                Ignorance.of("transport", MEMROUTE).but("io.memroute.transport.kernel"),
                Ignorance.of("transport.kernel", MEMROUTE),
                Ignorance.of("protocol", SOCKETS),
                Ignorance.of("store", SOCKETS),
                Ignorance.of("testkit", MEMROUTE),
                Ignorance.of(
                        "proxy.wire",
                        both(
                                proxies("call", "backend", "route", "handler", "client", "script", "config", "explain"),
                                "io.memroute.protocol..")),
                Ignorance.of(
                        "proxy.worker",
                        both(
                                proxies("call", "backend", "route", "handler", "client", "script", "config", "explain"),
                                "io.memroute.protocol..")),
                Ignorance.of(
                        "proxy.call", proxies("backend", "route", "handler", "client", "script", "config", "explain")),
                Ignorance.of(
                        "proxy.backend", proxies("route", "handler", "client", "script", "config.reader", "explain")),
                Ignorance.of(
                        "proxy.backend.line",
                        both(SOCKETS, proxies("backend", "route", "handler", "client", "script", "config", "explain"))),
                Ignorance.of(
                        "proxy.backend.connect",
                        both(
                                proxies("call", "wire", "route", "handler", "client", "script", "explain"),
                                "io.memroute.protocol..")),
                Ignorance.of(
                        "proxy.backend.events",
                        both(
                                SOCKETS,
                                proxies(
                                        "backend", "call", "wire", "worker", "route", "handler", "client", "script",
                                        "explain"))),
                Ignorance.of("proxy.hash", MEMROUTE).but("io.memroute.proxy.hash.function"),
                Ignorance.of("proxy.hash.function", MEMROUTE),
                Ignorance.of("proxy.hash.scheme", MEMROUTE).but("io.memroute.proxy.hash.."),
                Ignorance.of("proxy.hash.scheme.mcrouter", MEMROUTE)
                        .but("io.memroute.proxy.hash", "io.memroute.proxy.hash.function"),
                Ignorance.of("proxy.repeat", MEMROUTE),
                Ignorance.of("proxy.text", MEMROUTE),
                Ignorance.of("proxy.tls", MEMROUTE).but("io.memroute.proxy.text"),
                Ignorance.of("proxy.trust", MEMROUTE).but("io.memroute.proxy.text"),
                Ignorance.of(
                        "proxy.config.clients",
                        both(
                                SOCKETS,
                                proxies(
                                        "call",
                                        "wire",
                                        "backend",
                                        "route",
                                        "client",
                                        "script",
                                        "stats",
                                        "log",
                                        "explain",
                                        "config.placement",
                                        "config.reader"))),
                Ignorance.of("proxy.access", both(SOCKETS, MEMROUTE))
                        .but("io.memroute.proxy.trust", "io.memroute.protocol"),
                Ignorance.of("proxy.fairness", both(SOCKETS, MEMROUTE)),
                Ignorance.of("proxy.discovery", both(SOCKETS, MEMROUTE)).but("io.memroute.proxy.repeat"),
                Ignorance.of("proxy.discovery.source", MEMROUTE)
                        .but("io.memroute.proxy.discovery", "io.memroute.proxy.text", "io.memroute.proxy.tls"),
                Ignorance.of(
                        "proxy.config",
                        both(
                                SOCKETS,
                                proxies(
                                        "call",
                                        "wire",
                                        "backend",
                                        "route",
                                        "handler",
                                        "client",
                                        "script",
                                        "stats",
                                        "log",
                                        "explain",
                                        "config.library",
                                        "config.reader"))),
                Ignorance.of(
                        "proxy.config.library",
                        both(
                                SOCKETS,
                                proxies(
                                        "call",
                                        "wire",
                                        "backend",
                                        "route",
                                        "client",
                                        "script",
                                        "stats",
                                        "log",
                                        "explain",
                                        "config.reader"))),
                Ignorance.of(
                        "proxy.config.reader",
                        both(
                                SOCKETS,
                                proxies(
                                        "call", "wire", "backend", "route", "client", "script", "stats", "log",
                                        "explain"))),
                Ignorance.of(
                        "proxy.handler",
                        both(
                                SOCKETS,
                                proxies(
                                        "handler.builtin",
                                        "client",
                                        "script",
                                        "config.library",
                                        "config.reader",
                                        "explain"))),
                Ignorance.of(
                        "proxy.handler.builtin",
                        both(SOCKETS, proxies("client", "script", "config.library", "config.reader", "explain"))),
                Ignorance.of(
                        "proxy.route",
                        both(proxies("handler", "client", "script", "config.reader", "explain"), "io.memroute.lua..")),
                Ignorance.of(
                        "proxy.client",
                        both(proxies("backend", "handler", "script", "config", "explain"), "io.memroute.lua..")),
                Ignorance.of("proxy.client.time", MEMROUTE, "io.netty.."),
                Ignorance.of("proxy.client.limit", MEMROUTE, "io.netty.."),
                Ignorance.of("proxy.client.accept", PROXY)
                        .but("io.memroute.proxy.text", "io.memroute.proxy.tls", "io.memroute.proxy.log"),
                Ignorance.of("proxy.script", both(SOCKETS, proxies("client", "explain"))),
                Ignorance.of("proxy.script.tool", MEMROUTE).but("io.memroute.lua..", "io.memroute.protocol"),
                Ignorance.of(
                        "proxy.log", proxies("call", "backend", "route", "handler", "client", "script", "explain")),
                Ignorance.of(
                        "proxy.stats",
                        proxies("call", "wire", "backend", "route", "handler", "client", "script", "explain")),
                Ignorance.of("proxy.metrics", both(both(SOCKETS, proxies("client", "script")), "io.netty.handler..")),
                Ignorance.of("proxy.explain", both(SOCKETS, proxies("client"))).but("io.netty.channel.embedded"),
                Ignorance.of("proxy.explain.render", PROXY)
                        .but("io.memroute.proxy.explain", "io.memroute.proxy.config", "io.memroute.proxy.text"),
                Ignorance.of("proxy", proxies("handler.builtin", "route.builtin", "script.tool")),
                Ignorance.of(
                        "app", both(proxies("call", "wire", "backend", "route", "handler"), "io.memroute.protocol..")),
                Ignorance.of("app.admin", PROXY)
                        .but(
                                "io.memroute.proxy",
                                "io.memroute.proxy.text",
                                "io.memroute.proxy.client.accept",
                                "io.memroute.proxy.repeat",
                                "io.memroute.proxy.tls",
                                "io.memroute.proxy.trust"),
                Ignorance.of("app.options", both(SOCKETS, "io.netty..")),
                Ignorance.of("app.process", PROXY).but("io.memroute.proxy.text"));
    }

    @ParameterizedTest
    @MethodSource("modulesWithLimits")
    void aModuleUsesOnlyWhatItsArrowsPointAt(String module) {
        String[] own = Stream.concat(Stream.of(module), MODULES.get(module).stream())
                .map(name -> "io.memroute." + name + "..")
                .toArray(String[]::new);
        assertThat(uses(Classes.of(module), resideInAnyPackage(MEMROUTE).and(resideOutsideOfPackages(own))))
                .isEmpty();
    }

    static Set<String> modulesWithLimits() {
        return MODULES.keySet();
    }

    @ParameterizedTest
    @MethodSource("ignorances")
    void aPackageDoesNotKnowWhatItMustNot(Ignorance ignorance) {
        String own = ignorance.packageName();
        String[] known =
                Stream.concat(Stream.of(own), ignorance.except().stream()).toArray(String[]::new);
        JavaClasses classes = Classes.of(ignorance.module()).that(areHeldTo(own));
        assertThat(classes).as("classes in " + own).isNotEmpty();
        Set<String> uses = uses(
                classes,
                resideInAnyPackage(ignorance.unknown().toArray(String[]::new)).and(resideOutsideOfPackages(known)));
        assertThat(uses)
                .as(own + " must not know what its package-info.java names")
                .isEmpty();
    }

    /** A rule is for a package and for those below it that have no rule of their own. */
    private static DescribedPredicate<JavaClass> areHeldTo(String packageName) {
        Set<String> ruled = ignorances().stream().map(Ignorance::packageName).collect(Collectors.toSet());
        return DescribedPredicate.describe("are held to the rule of " + packageName, type -> {
            String nearest = type.getPackageName();
            // The server itself, which is above all others, is ruled alone.
            if (packageName.equals("io.memroute.proxy")) {
                return nearest.equals(packageName);
            }
            while (!ruled.contains(nearest) && nearest.contains(".")) {
                nearest = nearest.substring(0, nearest.lastIndexOf('.'));
            }
            return nearest.equals(packageName);
        });
    }

    /** Lists what of the classes uses what of the forbidden ones, once for each pair of them. */
    private static Set<String> uses(JavaClasses classes, DescribedPredicate<JavaClass> forbidden) {
        Set<String> uses = new TreeSet<>();
        for (JavaClass user : classes) {
            for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                JavaClass used = dependency.getTargetClass().getBaseComponentType();
                // An event loop is a thread and a clock; it takes a channel to know a socket.
                if (forbidden.test(used) && !used.getName().equals("io.netty.channel.EventLoop")) {
                    uses.add(user.getName() + " uses " + used.getName());
                }
            }
        }
        return uses;
    }

    /** A sentence in {@code package-info.java} without a rule here holds nobody to it, and the other way round. */
    @Test
    void everyPackageThatSaysWhatItMustNotKnowIsHeldToIt() {
        Pattern promise = Pattern.compile(
                "must not know|No package here knows|[Kk]nows\\b[^.]*\\b(?:not?|nothing|only)\\b|opens a socket");
        Set<String> promising = new TreeSet<>();
        for (Path file : Repository.files(name -> name.matches(".*/src/main/java/.*/package-info\\.java"))) {
            String text = Repository.read(file).replaceAll("\\s+\\*?\\s*", " ");
            if (promise.matcher(text).find()) {
                promising.add(text.replaceFirst(".*package io\\.memroute\\.([\\w.]+);.*", "$1"));
            }
        }
        List<String> held = ignorances().stream().map(Ignorance::own).sorted().toList();
        assertThat(held).as("one rule for each package").isEqualTo(List.copyOf(promising));
    }

    /** What is internal to the JDK has no replacement there, and one place each. */
    @Test
    void onlySignalsAndCoroutinesUseWhatIsInternalToTheJdk() {
        Set<String> users = MODULES.keySet().stream()
                .flatMap(module -> uses(Classes.of(module), resideInAnyPackage("sun..", "jdk.internal..")).stream())
                .map(use -> use.replaceAll("[$ ].*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(users)
                .containsExactly(
                        "io.memroute.app.process.SystemSignal",
                        "io.memroute.lua.CallStack",
                        "io.memroute.lua.Coroutine");
    }

    @ParameterizedTest
    @MethodSource("modulesWithLimits")
    void everyClassIsInTheModuleOfItsName(String module) {
        assertThat(Classes.of(module))
                .allMatch(
                        type -> resideInAPackage("io.memroute." + module + "..").test(type));
    }
}
