package io.memroute.app.process;

import java.io.IOException;

/** Reads the system's figures about file descriptors. */
public final class Descriptors {

    private Descriptors() {}

    /** Whether a descriptor is a terminal; false where the system cannot be asked. */
    public static boolean isTerminal(int descriptor) {
        try {
            return Posix.isTerminal(descriptor);
        } catch (IOException e) {
            return false;
        }
    }
}
