package io.memroute.app.options;

/** The exit statuses memcached uses, from {@code sysexits.h}. */
public final class ExitStatus {

    public static final int OK = 0;
    /** The status for most refused options and for a configuration with errors. */
    public static final int FAILURE = 1;
    /** EX_USAGE: options that contradict each other or this build. */
    public static final int USAGE = 64;
    /** EX_NOUSER: {@code -u} names nobody. */
    public static final int NO_USER = 67;
    /** EX_SOFTWARE: the process could not go on (its memory is exhausted, a worker has ended); start it again. */
    public static final int SOFTWARE = 70;
    /** EX_OSERR: an address that cannot be listened on. */
    public static final int OS_ERROR = 71;
    /** EX_TEMPFAIL: something was asked for, and its outcome cannot be seen. memroute's own. */
    public static final int UNKNOWN = 75;

    private ExitStatus() {}
}
