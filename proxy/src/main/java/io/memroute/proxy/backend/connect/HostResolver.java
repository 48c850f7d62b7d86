package io.memroute.proxy.backend.connect;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks up host names off the event loops, because the system's resolver blocks, sometimes for a long time. Thread
 * safe.
 *
 * <p>There is at most one look-up of a name at a time, whose outcome all callers share. So a resolver that does not
 * answer holds one thread for each name, however often its servers are tried again.
 */
final class HostResolver {

    /** The resolver of the operating system. */
    static final HostResolver SYSTEM = new HostResolver(InetAddress::getAllByName);

    private static final InetAddress[] NONE = {};

    /** Looks a name up and blocks meanwhile. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] addressesOf(String host) throws UnknownHostException;
    }

    private final Lookup lookup;
    private final ConcurrentHashMap<String, CompletableFuture<InetAddress[]>> underWay = new ConcurrentHashMap<>();
    /**
     * Platform threads: a look-up that blocks in native code would take one of the few carriers of virtual ones with
     * it.
     */
    private final Executor threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("memroute-names-", 0).factory());

    HostResolver(Lookup lookup) {
        this.lookup = lookup;
    }

    /** Returns the address that a literal stands for, unless the host is a name. */
    static @Nullable InetAddress literal(String host) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        if (bytes == null) {
            return null;
        }
        try {
            return InetAddress.getByAddress(host, bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes from " + host, e);
        }
    }

    /**
     * Looks the name up. There is no time limit: a caller that has one ignores what comes later.
     *
     * @param then given the addresses on {@code executor}, IPv4 first; an empty array if there is none
     */
    void resolve(String host, Executor executor, Consumer<InetAddress[]> then) {
        CompletableFuture<InetAddress[]> mine = new CompletableFuture<>();
        CompletableFuture<InetAddress[]> present = underWay.putIfAbsent(host, mine);
        CompletableFuture<InetAddress[]> found = present != null ? present : mine;
        found.thenAcceptAsync(then, executor);
        if (present == null) {
            threads.execute(() -> {
                InetAddress[] addresses = addresses(host);
                underWay.remove(host);
                mine.complete(addresses);
            });
        }
    }

    private InetAddress[] addresses(String host) {
        try {
            InetAddress[] addresses = lookup.addressesOf(host);
            Arrays.sort(addresses, Comparator.comparingInt(address -> address.getAddress().length));
            return addresses;
        } catch (UnknownHostException | RuntimeException e) {
            return NONE;
        }
    }
}
