package io.memroute.proxy.hash;

import io.memroute.proxy.hash.function.BytesHash;
import io.memroute.proxy.hash.function.Crc;
import io.memroute.proxy.hash.function.Fnv;
import io.memroute.proxy.hash.function.Hsieh;
import io.memroute.proxy.hash.function.Jenkins;
import io.memroute.proxy.hash.function.Md5;
import io.memroute.proxy.hash.function.Murmur2;
import io.memroute.proxy.hash.function.Murmur3;
import io.memroute.proxy.hash.function.OneAtATime;
import io.memroute.proxy.hash.function.Utf16;
import io.memroute.proxy.hash.function.Xxh;

/**
 * The function from a key (or the part of it that a filter left) to a number. memcached's proxy has the first two; a
 * {@link Scheme} says which of the others it has, and what its users call them.
 */
public enum HashFunction {

    /** XXH3, 64 bits, seeded: {@code mcp.hash_xxhash} and the default. */
    XXH3(Xxh::xxh3),

    /**
     * The first four bytes of the MD5 digest as a little-endian number: {@code mcp.dist_ring_hash.hash}. Ignores the
     * seed.
     */
    MD5(Md5::hash),

    /** @see Xxh#xxh64 */
    XXH64(Xxh::xxh64),

    /** @see OneAtATime#signed */
    ONE_AT_A_TIME(OneAtATime::signed),

    /** @see OneAtATime#unsigned */
    ONE_AT_A_TIME_UNSIGNED(OneAtATime::unsigned),

    /** @see Crc#crc32 */
    CRC32(Crc::crc32),

    /** @see Crc#crc32Middle */
    CRC32_MIDDLE(Crc::crc32Middle),

    /** @see Crc#crc32MiddleNotZero */
    CRC32_MIDDLE_NOT_ZERO(Crc::crc32MiddleNotZero),

    /** @see Crc#crc32Lower31 */
    CRC32_LOWER_31(Crc::crc32Lower31),

    /** @see Crc#crc16Wide */
    CRC16_WIDE(Crc::crc16Wide),

    /** @see Fnv#fnv1Of64 */
    FNV1_64(Fnv::fnv1Of64),

    /** @see Fnv#fnv1aOf64 */
    FNV1A_64(Fnv::fnv1aOf64),

    /** @see Fnv#fnv1Of32 */
    FNV1_32(Fnv::fnv1Of32),

    /** @see Fnv#fnv1aOf32 */
    FNV1A_32(Fnv::fnv1aOf32),

    /** @see Utf16#fnv1Of64 */
    FNV1_64_OF_UTF16(Utf16::fnv1Of64),

    /** @see Utf16#fnv1aOf64 */
    FNV1A_64_OF_UTF16(Utf16::fnv1aOf64),

    /** @see Utf16#fnv1Of32 */
    FNV1_32_OF_UTF16(Utf16::fnv1Of32),

    /** @see Utf16#fnv1aOf32 */
    FNV1A_32_OF_UTF16(Utf16::fnv1aOf32),

    /** @see Utf16#javaHash */
    JAVA(Utf16::javaHash),

    /** @see Utf16#javaHashMagnitude */
    JAVA_MAGNITUDE(Utf16::javaHashMagnitude),

    /** @see Utf16#javaHashMiddle */
    JAVA_MIDDLE(Utf16::javaHashMiddle),

    /** @see Hsieh */
    HSIEH(Hsieh::of),

    /** @see Murmur2#of32 */
    MURMUR2(Murmur2::of32),

    /** MurmurHash64A with 0 as its seed; mcrouter has seeds of its own. */
    MURMUR2_64((bytes, index, length) -> Murmur2.of64(bytes, index, length, 0)),

    /** @see Murmur3#ofLibmemcached */
    MURMUR3(Murmur3::ofLibmemcached),

    /** @see Jenkins */
    JENKINS(Jenkins::of);

    private final BytesHash bytes;

    HashFunction(BytesHash bytes) {
        this.bytes = bytes;
    }

    /** The function without a seed. */
    public BytesHash bytes() {
        return bytes;
    }
}
