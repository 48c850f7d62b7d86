package io.memroute.proxy.hash;

/** The function from a key (or the part of it that a filter left) to 64 bits. */
public enum HashFunction {

    /** XXH3, 64 bits, seeded: {@code mcp.hash_xxhash} and the default. */
    XXH3,

    /**
     * The first four bytes of the MD5 digest as a little-endian number: {@code mcp.dist_ring_hash.hash}. Ignores the
     * seed.
     */
    MD5
}
