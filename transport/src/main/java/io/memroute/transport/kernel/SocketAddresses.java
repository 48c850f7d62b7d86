package io.memroute.transport.kernel;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes and reads the kernel's {@code struct sockaddr} of the three families. */
public final class SocketAddresses {

    public static final int UNIX = 1;
    static final int IPV4 = 2;
    static final int IPV6 = 10;

    /** The length of the longest one, {@code struct sockaddr_un}, and a multiple of 8. */
    public static final int MOST_BYTES = 112;

    private static final int IPV4_BYTES = 16;
    private static final int IPV6_BYTES = 28;
    /** {@code sun_path}, with the byte 0 at its end. */
    private static final int PATH_BYTES = 108;

    private static final int FAMILY_BYTES = 2;

    private SocketAddresses() {}

    /**
     * Returns an address as the kernel takes it.
     *
     * @param family of the socket; an IPv6 socket takes IPv4 addresses as mapped ones
     * @throws IOException if the address is none for such a socket
     */
    public static byte[] encode(SocketAddress address, int family) throws IOException {
        return switch (address) {
            case UnixDomainSocketAddress unix when family == UNIX -> encodePath(unix);
            case InetSocketAddress unresolved
            when family != UNIX && unresolved.isUnresolved() -> throw new UnresolvedAddressException();
            case InetSocketAddress inet when family == IPV4 -> encodeIpv4(inet);
            case InetSocketAddress inet when family == IPV6 -> encodeIpv6(inet);
            case null, default -> throw new UnsupportedAddressTypeException();
        };
    }

    private static byte[] encodePath(UnixDomainSocketAddress address) throws IOException {
        byte[] path = address.getPath().toString().getBytes(StandardCharsets.UTF_8);
        if (path.length == 0 || path.length >= PATH_BYTES) {
            throw new IOException(
                    "socket path \"" + address + "\" has " + path.length + " bytes; expected 1 to " + (PATH_BYTES - 1));
        }
        return start(FAMILY_BYTES + path.length + 1, UNIX).put(path).array();
    }

    private static byte[] encodeIpv4(InetSocketAddress address) throws IOException {
        if (!(address.getAddress() instanceof Inet4Address ip)) {
            throw new IOException("address " + address + " is of IPv6; expected IPv4, all that this machine has");
        }
        return start(IPV4_BYTES, IPV4)
                .putShort((short) address.getPort())
                .put(ip.getAddress())
                .array();
    }

    private static byte[] encodeIpv6(InetSocketAddress address) {
        ByteBuffer target =
                start(IPV6_BYTES, IPV6).putShort((short) address.getPort()).putInt(0);
        InetAddress ip = address.getAddress();
        if (ip instanceof Inet6Address ipv6) {
            target.put(ipv6.getAddress()).order(ByteOrder.nativeOrder()).putInt(ipv6.getScopeId());
        } else {
            // ::ffff:a.b.c.d
            target.putLong(0).putInt(0xffff).put(ip.getAddress());
        }
        return target.array();
    }

    /** Begins with the family in the machine's order; what follows is in the network's. */
    private static ByteBuffer start(int bytes, int family) {
        return ByteBuffer.allocate(bytes)
                .order(ByteOrder.nativeOrder())
                .putShort((short) family)
                .order(ByteOrder.BIG_ENDIAN);
    }

    /** Reads what the kernel wrote, if it is an address: a client need not have bound its UNIX socket. */
    static @Nullable SocketAddress decode(byte[] bytes) {
        if (bytes.length < FAMILY_BYTES) {
            return null;
        }
        ByteBuffer source = ByteBuffer.wrap(bytes);
        int family = source.order(ByteOrder.nativeOrder()).getShort();
        source.order(ByteOrder.BIG_ENDIAN);
        return switch (family) {
            case IPV4 -> new InetSocketAddress(ip(bytes, 4, 4), source.getShort() & 0xffff);
            case IPV6 -> new InetSocketAddress(ip(bytes, 8, 16), source.getShort() & 0xffff);
            case UNIX -> decodePath(bytes);
            default -> null;
        };
    }

    private static InetAddress ip(byte[] bytes, int from, int length) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + length));
        } catch (UnknownHostException e) {
            throw new AssertionError(length + " bytes are an address", e);
        }
    }

    private static SocketAddress decodePath(byte[] bytes) {
        int end = FAMILY_BYTES;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return end == FAMILY_BYTES
                ? UnixDomainSocketAddress.of("")
                : UnixDomainSocketAddress.of(
                        new String(bytes, FAMILY_BYTES, end - FAMILY_BYTES, StandardCharsets.UTF_8));
    }
}
