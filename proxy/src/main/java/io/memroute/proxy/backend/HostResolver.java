package io.memroute.proxy.backend;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Looks up host names off the event loops: the system's resolver blocks, sometimes for seconds. Thread safe.
 */
final class HostResolver {

    private static final InetAddress[] NONE = {};

    private HostResolver() {}

    /** The address a literal stands for, or null if the host is a name. */
    static InetAddress literal(String host) {
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
     * Looks the name up on a thread of its own.
     *
     * @param then given the addresses on {@code executor}, IPv4 first; an empty array if there is none
     */
    static void resolve(String host, Executor executor, Consumer<InetAddress[]> then) {
        Thread.ofVirtual().name("resolve " + host).start(() -> {
            InetAddress[] addresses;
            try {
                addresses = InetAddress.getAllByName(host);
                Arrays.sort(addresses, Comparator.comparingInt(address -> address.getAddress().length));
            } catch (UnknownHostException e) {
                addresses = NONE;
            }
            InetAddress[] found = addresses;
            executor.execute(() -> then.accept(found));
        });
    }
}
