package io.memroute.app.placement;

import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.hash.KeySelection;
import io.netty.buffer.Unpooled;
import java.util.List;

/** A way to place keys on servers. */
public interface Placement {

    /** The server of a key, as {@code HOST:PORT}. */
    String serverOf(byte[] key);

    /** The placement of a pool. */
    static Placement of(PoolSpec pool) {
        return of(pool, pool.options().selection());
    }

    /** Another way to place keys on the servers of a pool, with their weights and names. */
    static Placement of(PoolSpec pool, KeySelection selection) {
        List<String> servers = pool.backends().stream()
                .map(backend -> backend.host() + ":" + backend.port())
                .toList();
        KeyDistributor distributor = KeyDistributor.of(selection, pool.servers());
        return key -> servers.get(distributor.select(Unpooled.wrappedBuffer(key), 0, key.length));
    }
}
