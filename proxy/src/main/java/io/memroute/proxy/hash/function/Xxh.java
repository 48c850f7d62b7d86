package io.memroute.proxy.hash.function;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.netty.buffer.ByteBuf;

/** The hashes of the xxHash family with 64 bits. */
public final class Xxh {

    private static final Hasher64 XXH3 = Hashing.xxh3_64();
    private static final Hasher64 XXH64 = Hashing.xxh64();

    private Xxh() {}

    /** XXH3 without a seed. */
    public static long xxh3(ByteBuf bytes, int index, int length) {
        return XXH3.hashBytesToLong(bytes, index, length, ByteBufAccess.INSTANCE);
    }

    /** XXH3 with a seed: a text that XXH3 makes the number of. The empty text is a seed. */
    public static BytesHash xxh3(String seed) {
        return xxh3(XXH3.hashBytesToLong(seed.getBytes(UTF_8)));
    }

    /** XXH3 with a seed. */
    public static BytesHash xxh3(long seed) {
        Hasher64 hasher = Hashing.xxh3_64(seed);
        return (bytes, index, length) -> hasher.hashBytesToLong(bytes, index, length, ByteBufAccess.INSTANCE);
    }

    /** XXH64 without a seed. */
    public static long xxh64(ByteBuf bytes, int index, int length) {
        return XXH64.hashBytesToLong(bytes, index, length, ByteBufAccess.INSTANCE);
    }
}
