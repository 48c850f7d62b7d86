package io.memroute.proxy.script.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.lua.LuaTable;
import io.memroute.proxy.access.ClientRules;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.Settings;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.proxy.discovery.DiscoverySettings;
import io.memroute.proxy.route.Turns;
import io.memroute.proxy.script.ScriptUnderTest;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code mcp.register_cron} and {@code mcp.schedule_config_reload}. */
class CronTest {

    private final ClockedHost host = new ClockedHost();

    /** A program whose pools function runs {@code body}; {@code ran} counts by name. */
    private ScriptPlan load(String body) throws ConfigException {
        return host.load(program(body));
    }

    private static String program(String body) {
        return """
                ran = {}
                function count(name) ran[name] = (ran[name] or 0) + 1 end
                function every(seconds, name, more)
                  mcp.register_cron(name, { every = seconds, func = function() count(name) if more then more() end \
                end })
                end
                function mcp_config_pools() %s end""".formatted(body);
    }

    private ScriptPlan inForce(String body) throws ConfigException {
        ScriptPlan plan = load(body);
        plan.begin(Turns.NONE);
        return plan;
    }

    private static long ran(ScriptPlan plan, String name) {
        Object count = ((LuaTable) plan.state.lua.global("ran")).get(name);
        return count == null ? 0 : (Long) count;
    }

    @Test
    void callsEachAsOftenAsItSays() throws ConfigException {
        ScriptPlan plan = inForce("every(2, 'two') every(3, 'three')");
        host.pass(1);
        assertThat(ran(plan, "two")).isZero();
        host.pass(11);
        assertThat(ran(plan, "two")).isEqualTo(6);
        assertThat(ran(plan, "three")).isEqualTo(4);
        assertThat(host.counters().cronRuns()).isEqualTo(10);
        assertThat(host.counters().cronFailures()).isZero();
    }

    @Test
    void callsOneThatShallNotBeRepeatedOnce() throws ConfigException {
        ScriptPlan plan =
                inForce("mcp.register_cron('once', { every = 2, rerun = false, func = function() count('once') end })");
        host.pass(10);
        assertThat(ran(plan, "once")).isOne();
        assertThat(host.scheduled()).isZero();
    }

    @Test
    void oneThatRaisesIsCountedAndGoesOn() throws ConfigException {
        ScriptPlan plan = inForce("every(1, 'bad', function() error('oops') end) every(1, 'good')");
        host.pass(3);
        assertThat(ran(plan, "bad")).isEqualTo(3);
        assertThat(ran(plan, "good")).isEqualTo(3);
        assertThat(host.counters().cronRuns()).isEqualTo(6);
        assertThat(host.counters().cronFailures()).isEqualTo(3);
    }

    @Test
    void oneThatNeverEndsIsStopped() throws ConfigException {
        ScriptPlan plan = host.load(
                program("every(1, 'loop', function() while true do end end) every(1, 'good')"),
                LuaBounds.defaults().withLoadTime(Duration.ofSeconds(1)));
        plan.begin(Turns.NONE);
        host.pass(1);
        assertThat(ran(plan, "good")).isOne();
        assertThat(host.counters().cronFailures()).isOne();
    }

    @Test
    void theNewestOfANameIsTheOne() throws ConfigException {
        ScriptPlan plan = inForce("""
                every(1, 'same', function() count('first') end)
                every(2, 'same', function() count('second') end)""");
        host.pass(4);
        assertThat(ran(plan, "first")).isZero();
        assertThat(ran(plan, "second")).isEqualTo(2);
    }

    @Test
    void aCronMayRegisterOthersAndItself() throws ConfigException {
        ScriptPlan plan = inForce("""
                every(2, 'a', function()
                  every(1, 'b')
                  mcp.register_cron('a', { every = 2, func = function() count('new a') end })
                end)""");
        host.pass(6);
        assertThat(ran(plan, "a")).isOne();
        assertThat(ran(plan, "b")).isEqualTo(4);
        assertThat(ran(plan, "new a")).isEqualTo(2);
    }

    @Test
    void doesNothingBeforeItsConfigurationIsInForceNorAfter() throws ConfigException {
        ScriptPlan plan = load("every(1, 'tick')");
        host.pass(5);
        assertThat(ran(plan, "tick")).isZero();
        assertThat(host.scheduled()).isZero();
        plan.begin(Turns.NONE);
        host.pass(1);
        plan.end();
        host.pass(5);
        assertThat(ran(plan, "tick")).isOne();
        assertThat(host.scheduled()).isZero();
    }

    @Test
    void aReloadDoesNotPutOffWhatIsCalledAsOftenAsBefore() throws ConfigException {
        ScriptPlan before = inForce("every(3, 'kept') every(3, 'other') every(3, 'dropped')");
        host.pass(2);
        ScriptPlan after = load("every(3, 'kept') every(2, 'other')");
        after.begin(before.end());
        host.pass(1);
        assertThat(ran(after, "kept")).isOne();
        assertThat(ran(after, "other")).isZero();
        host.pass(1);
        assertThat(ran(after, "other")).isOne();
        assertThat(ran(before, "dropped")).isZero();
    }

    @Test
    void asksForOneReloadAfterAllCronsOfTheMoment() throws ConfigException {
        ScriptPlan plan = inForce("""
                every(2, 'a', function() mcp.schedule_config_reload() end)
                every(2, 'b', function() mcp.schedule_config_reload() end)""");
        host.pass(2);
        assertThat(ran(plan, "b")).isOne();
        assertThat(host.reloadsRequested).isOne();
    }

    @Test
    void askingForAReloadDuringALoadHasNoEffect() throws ConfigException {
        inForce("mcp.schedule_config_reload() every(1, 'a')");
        host.pass(3);
        assertThat(host.reloadsRequested).isZero();
    }

    @Test
    void aLimitChangedByACronHolds() throws ConfigException {
        inForce("mcp.active_req_limit(10) every(1, 'a', function() mcp.active_req_limit(20) end)");
        host.pass(3);
        assertThat(host.applied)
                .containsExactly(new Settings(
                        20, OptionalLong.empty(), false, true, false, DiscoverySettings.DEFAULTS, ClientRules.NONE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mcp.register_cron('x', {});                                   proxy cron entry missing 'func' field
            mcp.register_cron('x', { func = 5, every = 1 });              function expected, got number
            mcp.register_cron('x', { func = print });                     proxy cron entry missing 'every' field
            mcp.register_cron('x', { func = print, every = 0 });          proxy cron entry 'every' must be > 0
            mcp.register_cron('x', { func = print, every = 1.5 });        proxy cron entry 'every' must be > 0
            mcp.register_cron('x', { func = print, every = 'soon' });     number expected, got string
            mcp.register_cron('x');                                       table expected, got no value
            mcp.register_cron({});                                        string expected, got table
            """)
    void aDescriptionThatIsWrongFailsTheLoad(String call, String error) {
        assertThatThrownBy(() -> load(call)).isInstanceOf(ConfigException.class).hasMessageContaining(error);
    }

    @Test
    void aCronReloadsTheConfigurationOfARunningServer(@TempDir Path directory) throws Exception {
        String lua = """
                local file = io.open("%s/word")
                local word = file and file:read("l") or "none"
                if file then file:close() end
                function mcp_config_pools()
                  mcp.register_cron("look", { every = 1, func = function()
                    if io.open("%1$s/word") then mcp.schedule_config_reload() end
                  end })
                end
                function mcp_config_routes()
                  mcp.attach(mcp.CMD_MG, function(r) return "HD t" .. word .. "\\r\\n" end)
                end""".formatted(directory);
        try (ScriptUnderTest proxy = ScriptUnderTest.start(lua)) {
            proxy.expect("mg a v\r\n", "HD tnone\r\n");
            Files.writeString(directory.resolve("word"), "new");
            try (RawClient client = proxy.connect()) {
                Deadline.await("the reload", () -> {
                    client.send("mg a v\r\n");
                    return client.readUntil("\r\n").equals("HD tnew\r\n");
                });
                client.send("stats\r\n");
                assertThat(client.readUntil("END\r\n"))
                        .doesNotContain("STAT proxy_config_reloads 1\r\n")
                        .doesNotContain("STAT proxy_config_cron_runs 0\r\n")
                        .contains("STAT proxy_config_cron_fails 0\r\n");
            }
        }
    }
}
