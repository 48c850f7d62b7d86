package io.memroute.app.options;

/** A command line that cannot be obeyed; the message is for the operator and may have several lines. */
public final class UsageException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitStatus;

    public UsageException(int exitStatus, String message) {
        super(message, null, false, false);
        this.exitStatus = exitStatus;
    }

    /** The exit status of the process; see {@link ExitStatus}. */
    public int exitStatus() {
        return exitStatus;
    }
}
