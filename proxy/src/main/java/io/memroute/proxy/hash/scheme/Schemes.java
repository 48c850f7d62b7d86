package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.scheme.mcrouter.Ch3;
import io.memroute.proxy.hash.scheme.mcrouter.ConstShard;
import io.memroute.proxy.hash.scheme.mcrouter.Crc32;
import io.memroute.proxy.hash.scheme.mcrouter.Rendezvous;
import io.memroute.proxy.hash.scheme.mcrouter.WeightedCh3;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All {@link Scheme}s: the values of the pool option {@code placement}. */
public final class Schemes {

    /** All schemes, in the order of the documentation. */
    public static final List<Scheme> ALL = List.of(
            WeightedRendezvous.SCHEME,
            WeightedJump.SCHEME,
            Twemproxy.KETAMA,
            Twemproxy.MODULA,
            Ch3.SCHEME,
            Crc32.SCHEME,
            WeightedCh3.SCHEME,
            Rendezvous.SCHEME,
            io.memroute.proxy.hash.scheme.mcrouter.WeightedRendezvous.SCHEME,
            ConstShard.SCHEME,
            Libmemcached.MODULA,
            Libmemcached.KETAMA,
            Libmemcached.KETAMA_WEIGHTED,
            Libmemcached.KETAMA_SPY,
            PeclMemcache.CONSISTENT,
            PeclMemcache.STANDARD,
            Pymemcache.STR,
            Pymemcache.BYTES,
            PythonMemcached.SCHEME,
            Dalli.SCHEME,
            Gomemcache.SCHEME,
            Thanos.SCHEME,
            Memjs.SCHEME,
            Hashring.MEMCACHED,
            Hashring.PLAIN,
            Hashring.LIKE_PYTHON,
            Spymemcached.ARRAY,
            Spymemcached.KETAMA,
            Spymemcached.KETAMA_LIBMEMCACHED,
            Xmemcached.ARRAY,
            Xmemcached.KETAMA,
            Xmemcached.KETAMA_NGINX,
            Xmemcached.KETAMA_GWHALIN,
            Xmemcached.LIBMEMCACHED,
            Xmemcached.PHP,
            XmemcachedElection.SCHEME,
            Evcache.SCHEME);

    private static final Map<String, Scheme> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Scheme::name, Function.identity()));

    private Schemes() {}

    /** The scheme of a name. */
    public static Optional<Scheme> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Every name. */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }
}
