package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.Scheme;
import java.io.IOException;
import java.util.List;

/** A real library or proxy that says where it puts keys. */
interface Oracle {

    /** The library or proxy. */
    String name();

    /** Whether it is on this machine, and every program that asks it. */
    boolean installed();

    /** The command that installs it. */
    String install();

    List<Scheme> schemes();

    /** The hashes of a scheme that it has, by the scheme's names. */
    default List<String> hashes(Scheme scheme) {
        return List.copyOf(scheme.hashes().keySet());
    }

    default RandomPools.Hosts hosts() {
        return RandomPools.Hosts.ANY;
    }

    /** Whether it can be asked about servers of a scheme with weights. */
    default boolean weights(Scheme scheme) {
        return scheme.weights().any();
    }

    /** Whether its servers can have names. */
    default boolean names() {
        return false;
    }

    /** Whether it hashes any bytes, and none. */
    default boolean binaryKeys() {
        return false;
    }

    /** The place of each key for each question. */
    List<int[]> places(List<Question> questions, List<byte[]> keys) throws IOException, InterruptedException;
}
