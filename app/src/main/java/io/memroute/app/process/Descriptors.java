package io.memroute.app.process;

import java.io.IOException;

/** What the system says of file descriptors. */
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
