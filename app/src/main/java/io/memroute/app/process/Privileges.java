package io.memroute.app.process;

import java.io.IOException;
import java.util.Optional;

/** Giving up root ({@code -u}). */
public final class Privileges {

    private Privileges() {}

    /** The user named on the command line does not exist. */
    public static final class NoSuchUserException extends Exception {
        private static final long serialVersionUID = 1L;

        NoSuchUserException(String name) {
            super("can't find the user " + name + " to switch to");
        }
    }

    /**
     * Becomes {@code user} if we are root; does nothing otherwise, as memcached.
     *
     * @throws NoSuchUserException if there is no such user
     * @throws IOException if the system refuses
     */
    public static void drop(String user) throws IOException, NoSuchUserException {
        if (Posix.effectiveUserId() != 0) {
            return;
        }
        Optional<Posix.User> identity = Posix.user(user);
        if (identity.isEmpty()) {
            throw new NoSuchUserException(user);
        }
        if (identity.get().uid() == 0) {
            return;
        }
        try {
            Posix.become(identity.get());
        } catch (IOException e) {
            throw new IOException("failed to assume identity of user " + user + ": " + e.getMessage(), e);
        }
    }
}
