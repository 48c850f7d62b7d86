package io.memroute.transport.kernel;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;

/** The kernel's error numbers that matter here, and exceptions that say what they mean. */
public final class Errno {

    public static final int EPERM = 1;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    static final int EPIPE = 32;
    public static final int ENOSYS = 38;
    public static final int EPROTO = 71;
    static final int EADDRINUSE = 98;
    static final int EADDRNOTAVAIL = 99;
    static final int ENETUNREACH = 101;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    static final int ENOTCONN = 107;
    static final int ETIMEDOUT = 110;
    static final int ECONNREFUSED = 111;
    static final int EHOSTUNREACH = 113;
    public static final int ECANCELED = 125;

    private Errno() {}

    /**
     * Makes the exception for a failed call, of the type that the JDK's sockets throw.
     *
     * @param what was tried, as a verb: "receive", "bind 127.0.0.1:11211"
     * @param error a positive error number
     */
    public static IOException exception(String what, int error) {
        String message = what + ": " + text(error);
        return switch (error) {
            case ECONNREFUSED, ETIMEDOUT -> new ConnectException(message);
            case ENETUNREACH, EHOSTUNREACH -> new NoRouteToHostException(message);
            case EADDRINUSE, EADDRNOTAVAIL -> new BindException(message);
            default -> new SocketException(message);
        };
    }

    /** Throws the exception for a result below zero; returns others. */
    static int check(String what, int result) throws IOException {
        if (result < 0) {
            throw exception(what, -result);
        }
        return result;
    }

    /** The text of {@code strerror} in English. */
    public static String text(int error) {
        return switch (error) {
            case EPERM -> "Operation not permitted";
            case EINTR -> "Interrupted system call";
            case EAGAIN -> "Resource temporarily unavailable";
            case ENOMEM -> "Cannot allocate memory";
            case EACCES -> "Permission denied";
            case EINVAL -> "Invalid argument";
            case ENFILE -> "Too many open files in system";
            case EMFILE -> "Too many open files";
            case EPIPE -> "Broken pipe";
            case ENOSYS -> "Function not implemented";
            case EADDRINUSE -> "Address already in use";
            case EADDRNOTAVAIL -> "Cannot assign requested address";
            case ENETUNREACH -> "Network is unreachable";
            case ECONNABORTED -> "Software caused connection abort";
            case ECONNRESET -> "Connection reset by peer";
            case ENOBUFS -> "No buffer space available";
            case ENOTCONN -> "Transport endpoint is not connected";
            case ETIMEDOUT -> "Connection timed out";
            case ECONNREFUSED -> "Connection refused";
            case EHOSTUNREACH -> "No route to host";
            case 2 -> "No such file or directory";
            default -> "error " + error;
        };
    }
}
