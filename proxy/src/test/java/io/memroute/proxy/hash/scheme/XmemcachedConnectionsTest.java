package io.memroute.proxy.hash.scheme;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What docs/placement.md says of an XMemcached that has several connections to each server. */
class XmemcachedConnectionsTest {

    private static final List<byte[]> KEYS = RandomKeys.text(2000, 4);

    @Test
    void phpsLocatorCountsEachConnectionAsTheServerOnceMore() throws UnknownHostException {
        int[] real = XmemcachedOracle.places(question(Xmemcached.PHP, 1), 3, KEYS);
        assertThat(question(Xmemcached.PHP, 3).places(KEYS)).isEqualTo(real);
        assertThat(question(Xmemcached.PHP, 1).places(KEYS)).isNotEqualTo(real);
    }

    @Test
    void theOthersPlaceKeysAsWithOneConnection() throws UnknownHostException {
        for (Scheme scheme : List.of(
                Xmemcached.ARRAY,
                Xmemcached.KETAMA,
                Xmemcached.KETAMA_NGINX,
                Xmemcached.LIBMEMCACHED,
                XmemcachedElection.SCHEME)) {
            Question question = question(scheme, 1);
            assertThat(question.places(KEYS)).as(scheme.name()).isEqualTo(XmemcachedOracle.places(question, 3, KEYS));
        }
    }

    /** Servers with weights, but for the scheme that has none. */
    private static Question question(Scheme scheme, int times) {
        List<ServerName> servers = IntStream.rangeClosed(1, 7)
                .mapToObj(i -> new ServerName(
                        "10.0.0." + i, 11211, Optional.empty(), scheme.weights().any() ? (1 + i % 3) * times : 1))
                .toList();
        return new Question(scheme, scheme.hashes().keySet().iterator().next(), "", servers);
    }
}
