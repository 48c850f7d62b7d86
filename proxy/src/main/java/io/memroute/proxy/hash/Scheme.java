package io.memroute.proxy.hash;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A way to place keys that another proxy or a client library has: a value of the pool option {@code placement}.
 * Immutable. Two schemes are equal if they are the same object.
 */
public final class Scheme {

    /** Builds what places keys among the servers of a pool. */
    @FunctionalInterface
    public interface Compiler {

        /**
         * @param servers at least two, their weights as {@link Scheme#weights} allows
         * @param hash one of {@link Scheme#hashes}
         * @param seed empty unless the scheme is {@link Scheme#seeded}
         */
        KeyLocator compile(List<ServerName> servers, HashFunction hash, Optional<String> seed);
    }

    private final String name;
    private final Map<String, HashFunction> hashes;
    private final Weights weights;
    private final boolean named;
    private final boolean resolving;
    private final boolean seeded;
    private final Compiler compiler;

    private Scheme(Builder from, Compiler compiler) {
        name = from.name;
        hashes = from.hashes;
        weights = from.weights;
        named = from.named;
        resolving = from.resolving;
        seeded = from.seeded;
        this.compiler = compiler;
    }

    /** The scheme's name for operators. */
    public String name() {
        return name;
    }

    /**
     * The key hashes that it can be combined with, by the names that its users know them by; the first is its default.
     */
    public Map<String, HashFunction> hashes() {
        return hashes;
    }

    /** The one that is used unless a pool says otherwise. */
    public HashFunction defaultHash() {
        return hashes.values().iterator().next();
    }

    /** The name of one of its key hashes. */
    public String nameOf(HashFunction hash) {
        return hashes.entrySet().stream()
                .filter(entry -> entry.getValue() == hash)
                .findFirst()
                .map(Map.Entry::getKey)
                .orElseThrow(() -> new IllegalArgumentException(name + " has no hash " + hash));
    }

    public Weights weights() {
        return weights;
    }

    /** Whether it hashes the names of servers. Otherwise their order counts. */
    public boolean named() {
        return named;
    }

    /** Whether the text of a server that is not named has the address of its host, which only a client finds out. */
    public boolean resolving() {
        return resolving;
    }

    /** Whether it takes a seed. */
    public boolean seeded() {
        return seeded;
    }

    /** Builds what places keys; see {@link Compiler#compile}. */
    public KeyLocator compile(List<ServerName> servers, HashFunction hash, Optional<String> seed) {
        return compiler.compile(servers, hash, seed);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Begins a scheme that has no weights, goes by the order of servers, and takes no seed. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** Collects what a scheme has. */
    public static final class Builder {

        private final String name;
        private final Map<String, HashFunction> hashes = new LinkedHashMap<>();
        private Weights weights = Weights.NONE;
        private boolean named;
        private boolean resolving;
        private boolean seeded;

        private Builder(String name) {
            this.name = name;
        }

        /** Adds a key hash; the first is the default. */
        public Builder hash(String itsName, HashFunction hash) {
            hashes.put(itsName, hash);
            return this;
        }

        /** Adds key hashes. */
        public Builder hashes(Map<String, HashFunction> all) {
            hashes.putAll(all);
            return this;
        }

        public Builder weights(Weights allowed) {
            weights = allowed;
            return this;
        }

        /** Has it hash the names of servers. */
        public Builder byName() {
            named = true;
            return this;
        }

        /** Has it hash the names of servers, with the addresses of their hosts. */
        public Builder byNameAndAddress() {
            resolving = true;
            return byName();
        }

        public Builder seeded() {
            seeded = true;
            return this;
        }

        /** Ends with what builds the scheme for a pool. */
        public Scheme by(Compiler compiler) {
            return new Scheme(this, compiler);
        }
    }
}
