package io.memroute.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.trust.Identity;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AccessRightsTest {

    private static final RulePlace NOWHERE = new RulePlace("routes.lua", 0, 0);

    private static final List<String> LINES = List.of(
            "get web:a",
            "get web:a web:b user:c",
            "gat 0 web:a",
            "mg web:a v k",
            "mg web:a T0",
            "mg d2ViOmE= b v",
            "set web:a 0 0 1",
            "ms web:a 1",
            "md other:a q",
            "incr other:a 1",
            "flush_all",
            "stats conns");

    private static AccessRule rule(String who, boolean allows, String commands, String... keys) {
        return new AccessRule(
                Stream.of(who.split(" "))
                        .map(name -> IdentityName.of(name).orElseThrow())
                        .toList(),
                allows,
                List.of(commands.split(" ")),
                List.of(keys),
                NOWHERE);
    }

    private static Request request(String line) {
        Request request = new Request();
        ByteBuf bytes = Unpooled.copiedBuffer(line + "\r\n", StandardCharsets.UTF_8);
        new RequestParser().parse(bytes, 0, bytes.readableBytes(), request);
        return request;
    }

    private static boolean permits(AccessRules rules, Identity identity, String line) {
        return new Access(rules).rightsOf(identity).permit(request(line));
    }

    private static Identity user(String name) {
        return Identity.UNKNOWN.withUser(name);
    }

    @Test
    void theFirstRuleThatIsAboutARequestDecides() {
        AccessRules rules = new AccessRules(
                List.of(rule("*", false, "get", "secret:"), rule("*", true, "get"), rule("*", false, "get", "web:")),
                false);
        assertThat(permits(rules, Identity.UNKNOWN, "get web:a")).isTrue();
        assertThat(permits(rules, Identity.UNKNOWN, "get secret:a")).isFalse();
        assertThat(permits(rules, Identity.UNKNOWN, "get web:a secret:a web:b")).isFalse();
        assertThat(permits(rules, Identity.UNKNOWN, "set web:a 0 0 1")).isFalse();
        assertThat(permits(new AccessRules(rules.rules(), true), Identity.UNKNOWN, "set web:a 0 0 1"))
                .isTrue();
    }

    @Test
    void aClientIsKnownByAnyOfItsNames() {
        AccessRules rules = new AccessRules(List.of(rule("user:a cn:b san:c tag:d", true, "all")), false);
        assertThat(Stream.of(
                        user("a"),
                        new Identity("", "b", List.of(), ""),
                        new Identity("", "", List.of("x", "c"), ""),
                        Identity.tagged("d")))
                .allMatch(identity -> permits(rules, identity, "flush_all"));
        assertThat(Stream.of(
                        Identity.UNKNOWN,
                        user("b"),
                        new Identity("", "a", List.of(), ""),
                        new Identity("", "c", List.of("b", "d"), ""),
                        Identity.tagged("a")))
                .noneMatch(identity -> permits(rules, identity, "flush_all"));
    }

    @Test
    void readingAndChangingAreTwoRightsOfOneCommand() {
        AccessRules rules = new AccessRules(
                List.of(
                        rule("user:reader", true, "get"),
                        rule("user:toucher", true, "touch"),
                        rule("user:both", true, "touch"),
                        rule("user:both", true, "get"),
                        rule("user:gat", true, "gat mg")),
                false);
        for (String line : List.of("gat 0 a", "gats 0 a", "mg a T0", "mg a N0", "mg a E1", "mg a R0", "mg a Z")) {
            boolean named = line.startsWith("gat ") || line.startsWith("mg");
            assertThat(permits(rules, user("reader"), line)).as(line).isFalse();
            assertThat(permits(rules, user("toucher"), line)).as(line).isFalse();
            assertThat(permits(rules, user("both"), line)).as(line).isTrue();
            assertThat(permits(rules, user("gat"), line)).as(line).isEqualTo(named);
        }
    }

    @Test
    void anExplanationSaysWhatIsDone() {
        Random random = new Random(4);
        List<String> who = List.of("*", "user:web", "tag:t", "cn:x");
        List<String> commands = CommandSet.known();
        List<String> keys = List.of("web:", "web:a", "user:", "o");
        for (int i = 0; i < 2000; i++) {
            AccessRule[] rules = new AccessRule[random.nextInt(5)];
            for (int j = 0; j < rules.length; j++) {
                rules[j] = rule(
                        who.get(random.nextInt(who.size())),
                        random.nextBoolean(),
                        commands.get(random.nextInt(commands.size())),
                        random.nextBoolean() ? new String[] {keys.get(random.nextInt(keys.size()))} : new String[0]);
            }
            AccessRules all = new AccessRules(Arrays.asList(rules), random.nextBoolean());
            Access.Rights rights = new Access(all).rightsOf(new Identity("web", "", List.of(), "t"));
            for (String line : LINES) {
                Request request = request(line);
                if (!request.multiKey()) {
                    assertThat(rights.permit(request))
                            .as("%s by %s", line, all)
                            .isEqualTo(rights.explain(request).stream().allMatch(Access.Step::allowed));
                }
            }
        }
    }

    @Test
    void aCoveredRuleNeverDecides() {
        assertThat(rule("*", true, "all").covers(rule("user:a", false, "get", "web:")))
                .isTrue();
        assertThat(rule("user:a", true, "get", "web:", "u").covers(rule("user:a", true, "mg", "user:", "web:a")))
                .isFalse();
        assertThat(rule("user:a", true, "get touch", "web:", "u").covers(rule("user:a", true, "mg", "user:", "web:a")))
                .isTrue();
        assertThat(rule("*", true, "get", "web:").covers(rule("*", true, "get")))
                .isFalse();
        assertThat(rule("*", true, "get stats", "web:").covers(rule("*", true, "get stats", "web:")))
                .isTrue();
        assertThat(rule("*", true, "all", "web:").covers(rule("*", true, "stats")))
                .isFalse();
        assertThat(rule("tag:t", true, "all").covers(rule("user:a", true, "get")))
                .isFalse();
    }

    @Test
    void judgingAllocatesNothing() {
        AccessRules rules = new AccessRules(
                List.of(rule("user:web", false, "all", "secret:"), rule("user:web", true, "all", "user:", "web:")),
                false);
        Access.Rights rights = new Access(rules).rightsOf(user("web"));
        Request[] requests = LINES.stream().map(AccessRightsTest::request).toArray(Request[]::new);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int permitted = 0;
        long before = 0;
        for (int round = 0; round < 20_000; round++) {
            if (round == 10_000) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            for (Request request : requests) {
                permitted += rights.permit(request) ? 1 : 0;
            }
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(permitted).isEqualTo(8 * 20_000);
        assertThat(allocated).as("bytes for 120,000 requests").isLessThan(10_000);
    }
}
