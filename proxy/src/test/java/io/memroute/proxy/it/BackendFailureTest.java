package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.MemcachedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Backends that are killed, frozen and restarted while clients go on: errors only for requests that were on them, right
 * bytes always, and full recovery.
 */
class BackendFailureTest {

    private static final int FAILING = 1;

    /** Enough replies to be sure that a state lasts. */
    private static final int MANY = 2_000;

    private MemcachedServer[] servers;
    private ProxyUnderTest proxy;
    private SteadyLoad load;

    @BeforeEach
    void startEverything() {
        servers = new MemcachedServer[] {MemcachedServer.start(), MemcachedServer.start(), MemcachedServer.start()};
        proxy = ProxyUnderTest.start(
                Configuration.direct(servers)
                        .setting("backend_read_timeout", 5)
                        .setting("backend_connect_timeout", 5)
                        .setting("backend_retry_waittime", 1)
                        .setting("backend_failure_limit", 2),
                2);
        load = SteadyLoad.start(proxy.port(), KeysOf.each(proxy.port(), 20, servers), 4, 4);
        awaitGoodFromAll();
    }

    @AfterEach
    void stopEverything() {
        load.close();
        proxy.close();
        for (MemcachedServer server : servers) {
            server.close();
        }
    }

    @Test
    void aKilledBackendFailsItsRequestsOnlyAndServesAgainWhenRestarted() {
        servers[FAILING].kill();
        load.awaitErrors(FAILING, MANY);
        assertOthersUnharmed();
        servers[FAILING].restart();
        assertRecovered();
    }

    @Test
    void aFrozenBackendFailsItsRequestsOnlyAndServesAgainWhenThawed() {
        servers[FAILING].freeze();
        load.awaitErrors(FAILING, MANY);
        assertOthersUnharmed();
        servers[FAILING].thaw();
        assertRecovered();
    }

    @Test
    void aBackendRestartedAgainAndAgainNeverMakesAReplyGoToAnotherRequest() {
        for (int i = 0; i < 5; i++) {
            servers[FAILING].restart();
            load.awaitGood(FAILING, MANY);
        }
        assertOthersUnharmed();
        assertRecovered();
    }

    @Test
    void allBackendsMayFailTogetherAndComeBack() {
        for (MemcachedServer server : servers) {
            server.kill();
        }
        for (int i = 0; i < servers.length; i++) {
            load.awaitErrors(i, MANY);
        }
        for (MemcachedServer server : servers) {
            server.restart();
        }
        awaitGoodFromAll();
        assertThat(load.failures()).isEmpty();
    }

    private void awaitGoodFromAll() {
        for (int i = 0; i < servers.length; i++) {
            load.awaitGood(i, MANY);
        }
    }

    private void assertOthersUnharmed() {
        for (int i = 0; i < servers.length; i++) {
            if (i != FAILING) {
                load.awaitGood(i, MANY);
                assertThat(load.errors(i))
                        .as("errors of backend %d, which is well", i)
                        .isZero();
            }
        }
        assertThat(load.failures()).isEmpty();
        assertThat(load.errorTexts()).allMatch(text -> text.equals("SERVER_ERROR backend failure"));
    }

    /** Each of the proxy's workers has connections of its own; once all are back there are no more errors. */
    private void assertRecovered() {
        load.awaitGood(FAILING, MANY);
        long before;
        do {
            before = load.errors(FAILING);
            load.awaitGood(FAILING, MANY);
        } while (load.errors(FAILING) > before);
        awaitGoodFromAll();
        assertThat(load.errors(FAILING)).as("errors after the recovery").isEqualTo(before);
        assertOthersUnharmed();
    }
}
