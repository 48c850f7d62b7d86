package io.memroute.proxy.hash;

import io.memroute.proxy.hash.function.BytesHash;
import io.memroute.proxy.hash.function.Xxh;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Picks the backend of a key: filter, hash, distribution. The same key picks the same backend as memcached's proxy does
 * with the same options, or as the client or proxy does whose {@link Scheme} is used, bit for bit.
 *
 * <p>Immutable, so workers may share one. {@link #select} is on the path of every request: it reads the key where it
 * lies and allocates nothing (a thread's first MD5 excepted).
 */
public final class KeyDistributor {

    private final int servers;
    /** The part of the key that is hashed; without one it is the whole key. */
    private final @Nullable KeyPart part;

    private final KeyLocator locator;

    private KeyDistributor(int servers, @Nullable KeyPart part, KeyLocator locator) {
        this.servers = servers;
        this.part = part;
        this.locator = locator;
    }

    /**
     * @param servers a pool's servers in configuration order
     * @throws IllegalArgumentException if there is no server
     */
    public static KeyDistributor of(KeySelection selection, List<ServerName> servers) {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("keys cannot be distributed over an empty list of servers");
        }
        return new KeyDistributor(
                servers.size(), selection.filter().map(KeyPart::of).orElse(null), locator(selection, servers));
    }

    private static KeyLocator locator(KeySelection selection, List<ServerName> servers) {
        int count = servers.size();
        return switch (selection.distribution()) {
            case Distribution.Jump() -> KeyLocator.of(hash(selection), hash -> JumpHash.place(hash, count));
            case Distribution.RingOf ring -> KeyLocator.of(hash(selection), Ring.of(ring, servers));
            case Distribution.SchemeOf(Scheme scheme) -> scheme.compile(servers, selection.hash(), selection.seed());
        };
    }

    /** No seed is another function than the empty one. */
    private static BytesHash hash(KeySelection selection) {
        return selection.hash() == HashFunction.XXH3 && selection.seed().isPresent()
                ? Xxh.xxh3(selection.seed().get())
                : selection.hash().bytes();
    }

    /**
     * The place, 0-based, of the key's backend in the list this was built from.
     *
     * @param key the buffer holding the key, heap or direct; not moved
     * @param index where the key begins, as an absolute index
     * @param length the key's bytes, 0 allowed
     */
    public int select(ByteBuf key, int index, int length) {
        if (servers == 1) {
            return 0;
        }
        if (part == null) {
            return locator.place(key, index, length);
        }
        long hashed = part.of(key, index, length);
        return locator.place(key, KeyPart.index(hashed), KeyPart.length(hashed));
    }

    /** The 64 bits that decide where a key goes, after filter and seed. For explaining a selection. */
    public long hash(ByteBuf key, int index, int length) {
        if (part == null) {
            return locator.hash(key, index, length);
        }
        long hashed = part.of(key, index, length);
        return locator.hash(key, KeyPart.index(hashed), KeyPart.length(hashed));
    }

    /**
     * The bytes of a key that are hashed: those that the filter leaves. A view on the key's buffer. For explaining a
     * selection.
     */
    public ByteBuf hashedPart(ByteBuf key, int index, int length) {
        if (part == null) {
            return key.slice(index, length);
        }
        long hashed = part.of(key, index, length);
        return key.slice(KeyPart.index(hashed), KeyPart.length(hashed));
    }
}
