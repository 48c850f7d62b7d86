package io.memroute.proxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.MemcachedServer;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** PHP's extension memcached, which many applications use, configured for one memcached server. */
class PhpClientTest {

    @Test
    void doesEverythingItCan() throws URISyntaxException {
        Path script = Path.of(getClass().getResource("memcached.php").toURI());
        try (MemcachedServer one = MemcachedServer.start();
                MemcachedServer two = MemcachedServer.start();
                ProxyUnderTest proxy =
                        ProxyUnderTest.start(Configuration.direct(one, two).setting("allow_flush_all", true), 2);
                ChildProcess php = ChildProcess.start(
                        List.of(
                                ChildProcess.require("php", "php-cli php-memcached")
                                        .toString(),
                                script.toString(),
                                "" + proxy.port()),
                        Map.of())) {
            assertThat(php.awaitExit()).as(php::output).isZero();
            assertThat(php.output()).isEqualTo("all is well\n");
        }
    }
}
