package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.ScriptedBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Route handlers over real connections: what their parts, tested apart, do together. */
class RouteHandlersTest {

    private final ScriptedBackend[] backends = {
        ScriptedBackend.start(), ScriptedBackend.start(), ScriptedBackend.start()
    };
    private final ScriptedBackend.Connection[] servers = new ScriptedBackend.Connection[3];
    private ProxyUnderTest proxy;
    private RawClient client;

    private Configuration configuration(String route) {
        return Configuration.empty()
                .pool("a", backends[0].port())
                .pool("b", backends[1].port())
                .pool("c", backends[2].port())
                .otherwise(route);
    }

    private void start(String route) {
        proxy = ProxyUnderTest.start(configuration(route));
        client = proxy.connect();
        for (int i = 0; i < servers.length; i++) {
            servers[i] = backends[i].accept();
        }
    }

    @AfterEach
    void stopEverything() {
        client.close();
        proxy.close();
        for (ScriptedBackend backend : backends) {
            backend.close();
        }
    }

    private String stat(String name) {
        try (RawClient asking = proxy.connect()) {
            asking.send("stats proxy\r\n");
            return asking.readUntil("END\r\n")
                    .lines()
                    .filter(line -> line.startsWith("STAT " + name + " "))
                    .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .findFirst()
                    .orElse("none");
        }
    }

    @Test
    void allSyncAnswersWhenTheLastServerHas() {
        start("route_allsync{ children = { \"a\", \"b\", \"c\" } }");
        client.send("mg key v\r\n");
        for (ScriptedBackend.Connection server : servers) {
            server.expect("mg key v\r\n");
        }
        servers[0].send("EN\r\n");
        servers[2].send("VA 1\r\nc\r\n");
        assertThat(client.hasReceived()).isFalse();
        servers[1].send("HD\r\n");
        client.expect("VA 1\r\nc\r\n");
    }

    @Test
    void aLargeValueGoesToEveryServerAndEveryServersLargeReplyComesBackWhole() {
        start("route_allsync{ children = { \"a\", \"b\", \"c\" } }");
        String value = "0123456789".repeat(30_000);
        client.send("set key 0 0 300000\r\n" + value + "\r\nget key\r\n");
        for (ScriptedBackend.Connection server : servers) {
            server.expect("set key 0 0 300000\r\n" + value + "\r\nget key\r\n");
            server.send("STORED\r\nVALUE key 0 300000\r\n" + value + "\r\nEND\r\n");
        }
        client.expect("STORED\r\nVALUE key 0 300000\r\n" + value + "\r\nEND\r\n");
        assertThat(stat("buffer_memory_used")).isEqualTo("0");
    }

    @Test
    void aLargeValueOfTheSecondChoiceIsPassedOn() {
        start("route_failover{ children = { \"a\", \"b\" }, miss = true, stats = true }");
        String value = "v".repeat(200_000);
        client.send("get key\r\n");
        servers[0].expect("get key\r\n");
        servers[0].send("END\r\n");
        servers[1].expect("get key\r\n");
        servers[1].send("VALUE key 5 200000\r\n" + value.substring(0, 70_000));
        client.expect("VALUE key 5 200000\r\n");
        servers[1].send(value.substring(70_000) + "\r\nEND\r\n");
        client.expect(value + "\r\nEND\r\n");
        assertThat(stat("user_default_retries")).isEqualTo("1");
    }

    @Test
    void keysOfAMultigetAreAnsweredInOrderWhicheverRouteTheyTake() {
        proxy = ProxyUnderTest.start(configuration("route_null{}")
                .prefix("f", "route_failover{ children = { \"a\", \"b\" } }")
                .prefix("p", "route_prefix{ child = \"c\", strip = \"p/\", add = \"q:\" }"));
        client = proxy.connect();
        for (int i = 0; i < servers.length; i++) {
            servers[i] = backends[i].accept();
        }
        client.send("get f/1 x p/1 p/2 f/2\r\n");
        servers[2].expect("get q:1 q:2\r\n");
        servers[2].send("VALUE q:1 0 1\r\n1\r\nVALUE q:2 0 1\r\n2\r\nEND\r\n");
        servers[0].expect("get f/1 f/2\r\n");
        servers[0].send("SERVER_ERROR busy\r\n");
        // What it says of both need not be so for each.
        servers[0].expect("version\r\n");
        servers[0].send("VERSION 1.6.45\r\n");
        servers[0].expect("get f/1\r\nget f/2\r\n");
        servers[0].send("SERVER_ERROR busy\r\nSERVER_ERROR busy\r\n");
        servers[1].expect("get f/1 f/2\r\n");
        servers[1].send("VALUE f/2 0 1\r\nx\r\nEND\r\n");
        client.expect("VALUE p/1 0 1\r\n1\r\nVALUE p/2 0 1\r\n2\r\nVALUE f/2 0 1\r\nx\r\nEND\r\n");
    }

    @Test
    void noreplyHidesEveryReplyOfEveryRoute() {
        start("route_allsync{ children = { \"a\", \"b\", \"c\" } }");
        client.send("set key 0 0 1 noreply\r\nx\r\nmn\r\nset key 0 0 1 noreply\r\nx\r\nmn\r\n");
        for (ScriptedBackend.Connection server : servers) {
            server.expect("set key 0 0 1\r\nx\r\nset key 0 0 1\r\nx\r\n");
        }
        servers[0].send("STORED\r\nSERVER_ERROR busy\r\n");
        servers[1].send("STORED\r\nSTORED\r\n");
        servers[2].send("STORED\r\nSTORED\r\n");
        client.expect("MN\r\nMN\r\n");
    }

    @Test
    void aQuietMissOfNullIsNotHeard() {
        start("route_null{}");
        client.send("mg key v q O1\r\nmg key v O2 k\r\nmd key q\r\nset key 0 0 1 noreply\r\nx\r\nmn\r\n");
        client.expect("EN O2 kkey\r\n");
        client.expect("NF\r\nMN\r\n");
    }

    @Test
    void whatTheFastestLeavesBehindIsFinishedThoughTheClientIsGoneAndTheConfigurationReplaced() {
        start("route_allfastest{ children = { \"a\", \"b\", \"c\" } }");
        client.send("set key 0 0 5\r\nhello\r\n");
        servers[0].expect("set key 0 0 5\r\nhello\r\n");
        servers[0].send("STORED\r\n");
        client.expect("STORED\r\n");
        client.close();
        proxy.reload(Configuration.empty().pool("a", backends[0].port()).otherwise("a"));
        servers[1].expect("set key 0 0 5\r\nhello\r\n");
        servers[1].send("STORED\r\n");
        servers[2].expect("set key 0 0 5\r\nhello\r\n");
        servers[2].send("STORED\r\n");
        servers[1].expectClosed();
        servers[2].expectClosed();
        client = proxy.connect();
        client.send("get key\r\n");
        servers[0].expect("get key\r\n");
        servers[0].send("END\r\n");
        client.expect("END\r\n");
    }

    @Test
    void aWaitThatExpiresLeavesTheRequestAndFreesTheClient() {
        start("route_failover{ children = { \"a\", \"b\" }, wait = 3 }");
        client.send("get key\r\n");
        servers[0].expect("get key\r\n");
        servers[1].expect("get key\r\n");
        servers[1].send("VALUE key 0 1\r\nb\r\nEND\r\n");
        client.expect("VALUE key 0 1\r\nb\r\nEND\r\n");
        servers[0].send("VALUE key 0 1\r\na\r\nEND\r\n");
        client.send("get other\r\n");
        servers[0].expect("get other\r\n");
        servers[0].send("END\r\n");
        client.expect("END\r\n");
    }

    @Test
    void nobodyAnsweringInTimeIsSaidSo() {
        start("route_allfastest{ children = { \"a\", \"b\" }, wait = 0.05 }");
        client.send("mg key\r\n");
        client.expect("SERVER_ERROR no reply within the wait of the route\r\n");
    }

    @Test
    void countersKeepTheirValueWhenAReloadKeepsTheirName() {
        start("route_failover{ children = { \"a\", \"b\" }, stats = true, stats_name = \"kept\", name = \"gone\" }");
        client.send("mg key\r\n");
        servers[0].expect("mg key\r\n");
        servers[0].send("SERVER_ERROR busy\r\n");
        servers[1].expect("mg key\r\n");
        servers[1].send("EN\r\n");
        client.expect("EN\r\n");
        assertThat(stat("user_kept_retries")).isEqualTo("1");
        assertThat(stat("user_gone_misses")).isEqualTo("1");
        proxy.reload(
                configuration("route_failover{ children = { \"a\", \"c\" }, stats = true, stats_name = \"kept\" }"));
        assertThat(stat("user_kept_retries")).isEqualTo("1");
        assertThat(stat("user_gone_misses")).isEqualTo("none");
    }

    @Test
    void warmFillsColdWithFlagsAndTimeLeft() {
        start("route_warm{ cold = \"a\", warm = \"b\", stats = true }");
        String value = "w".repeat(100_000);
        client.send("get key\r\n");
        servers[0].expect("get key\r\n");
        servers[0].send("END\r\n");
        servers[1].expect("mg key k f t v\r\n");
        servers[1].send("VA 100000 kkey f7 t42\r\n" + value + "\r\n");
        client.expect("VALUE key 7 100000\r\n" + value + "\r\nEND\r\n");
        servers[0].expect("ms key 100000 F7 T42 ME c\r\n" + value + "\r\n");
        servers[0].send("HD\r\n");
        assertThat(stat("user_default_warm_hits")).isEqualTo("1");
    }

    @Test
    void theNearCacheAnswersWithoutTheServerUntilAWritePasses() {
        start("route_nearcache{ child = \"a\", ttl = 100 }");
        client.send("get key\r\n");
        servers[0].expect("get key\r\n");
        servers[0].send("VALUE key 0 1\r\nx\r\nEND\r\n");
        client.expect("VALUE key 0 1\r\nx\r\nEND\r\n");
        client.send("get key\r\nget key other\r\n");
        servers[0].expect("get other\r\n");
        servers[0].send("END\r\n");
        client.expect("VALUE key 0 1\r\nx\r\nEND\r\nVALUE key 0 1\r\nx\r\nEND\r\n");
        client.send("delete key\r\n");
        servers[0].expect("delete key\r\n");
        servers[0].send("DELETED\r\n");
        client.expect("DELETED\r\n");
        client.send("get key\r\n");
        servers[0].expect("get key\r\n");
        servers[0].send("END\r\n");
        client.expect("END\r\n");
    }

    @Test
    void aTreeOfRoutesWorksAsItsPartsDo() {
        start("route_failover{ children = { route_allsync{ children = { \"a\", route_ttl{ ttl = 9, child = \"b\" } } },"
                + " route_split{ child_a = \"c\", child_b = route_null{} } } }");
        client.send("set key 0 100 1\r\nx\r\n");
        servers[0].expect("set key 0 100 1\r\nx\r\n");
        servers[1].expect("set key 0 9 1\r\nx\r\n");
        servers[0].send("SERVER_ERROR busy\r\n");
        servers[1].send("STORED\r\n");
        servers[2].expect("set key 0 100 1\r\nx\r\n");
        servers[2].send("STORED\r\n");
        client.expect("STORED\r\n");
    }

    @Test
    void theEmbeddedStoreIsAChildLikeAnyOther() {
        start("route_failover{ children = { \"internal\", \"a\" }, miss = true }");
        client.send("get key\r\n");
        servers[0].expect("get key\r\n");
        servers[0].send("VALUE key 0 1\r\na\r\nEND\r\n");
        client.expect("VALUE key 0 1\r\na\r\nEND\r\n");
        client.send("set key 0 0 8\r\ninternal\r\nget key\r\n");
        client.expect("STORED\r\nVALUE key 0 8\r\ninternal\r\nEND\r\n");
    }

    @Test
    void aServerLostInTheMiddleOfAPassedOnValueEndsTheClientsConnection() {
        start("route_allfastest{ children = { \"a\", \"b\" } }");
        client.send("get key\r\n");
        servers[0].expect("get key\r\n");
        servers[0].send("VALUE key 0 100000\r\n" + "v".repeat(1000));
        client.expect("VALUE key 0 100000\r\n");
        servers[0].close();
        assertThat(client.readToEnd().length).isLessThanOrEqualTo(1000);
    }

    /** As in memcached's proxy, where they hold their slot for so long. */
    @Test
    void requestsAreActiveUntilEverythingTheySentIsAnswered() {
        start("route_split{ child_a = \"a\", child_b = \"b\" }");
        client.send("mg key\r\n");
        servers[0].expect("mg key\r\n");
        servers[1].expect("mg key\r\n");
        servers[0].send("EN\r\n");
        client.expect("EN\r\n");
        assertThat(activeRequests()).isEqualTo("1");
        servers[1].send("EN\r\n");
        Deadline.await(
                "the other server's reply to be taken", () -> activeRequests().equals("0"));
    }

    private String activeRequests() {
        client.send("stats\r\n");
        return client.readUntil("END\r\n").replaceFirst("(?s).*STAT proxy_req_active (\\d+)\r\n.*", "$1");
    }
}
