package io.memroute.proxy.hash;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Picks the backend of a key: filter, hash, distribution. The same key picks the same backend as memcached's proxy does
 * with the same options, bit for bit.
 *
 * <p>Immutable, so workers may share one. {@link #select} is on the path of every request: it reads the key where it
 * lies and allocates nothing (a thread's first MD5 excepted).
 */
public final class KeyDistributor {

    private final int servers;
    /** Null: the whole key. */
    private final KeyPart part;
    /** Null: MD5. */
    private final Hasher64 xxh3;
    /** Null: jump hash. */
    private final Ring ring;

    private KeyDistributor(int servers, KeyPart part, Hasher64 xxh3, Ring ring) {
        this.servers = servers;
        this.part = part;
        this.xxh3 = xxh3;
        this.ring = ring;
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
                servers.size(),
                selection.filter().map(KeyPart::of).orElse(null),
                selection.hash() == HashFunction.XXH3 ? Hashing.xxh3_64(seedOf(selection)) : null,
                selection.distribution() instanceof Distribution.RingOf ring ? Ring.of(ring, servers) : null);
    }

    /** The seed text is always hashed by XXH3 into the seed; no seed is 0, the empty text is not. */
    private static long seedOf(KeySelection selection) {
        return selection
                .seed()
                .map(seed -> Hashing.xxh3_64().hashBytesToLong(seed.getBytes(UTF_8)))
                .orElse(0L);
    }

    /**
     * The place, 0-based, of the key's backend in the list this was built from.
     *
     * @param key the buffer holding the key, heap or direct; not moved
     * @param index where the key begins, as an absolute index
     * @param length the key's bytes, 0 allowed
     */
    public int select(ByteBuf key, int index, int length) {
        return servers == 1 ? 0 : place(hash(key, index, length));
    }

    /** The 64 bits that the distribution gets for a key, after filter and seed. For explaining a selection. */
    public long hash(ByteBuf key, int index, int length) {
        if (part != null) {
            long hashed = part.of(key, index, length);
            index = KeyPart.index(hashed);
            length = KeyPart.length(hashed);
        }
        return xxh3 != null
                ? xxh3.hashBytesToLong(key, index, length, ByteBufAccess.INSTANCE)
                : Md5.hash(key, index, length);
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

    private int place(long hash) {
        return ring != null ? ring.serverOf(hash) : JumpHash.place(hash, servers);
    }
}
