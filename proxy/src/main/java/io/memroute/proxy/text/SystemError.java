package io.memroute.proxy.text;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An error of the operating system in plain words: {@code connection refused} rather than the call and the number of
 * the error.
 */
public final class SystemError {

    /** Netty's native transports: {@code io_uring connect(..) failed with error(-111): Connection refused}. */
    private static final Pattern NATIVE = Pattern.compile("^.*failed with error\\(-?[0-9]+\\): ?");

    /**
     * The address that Netty adds to a failed connect: {@code : /127.0.0.1:11211}. Messages name the address
     * themselves.
     */
    private static final Pattern ADDRESS = Pattern.compile(": [^ ]*/[^ ]+:[0-9]+$");

    private SystemError() {}

    /** The reason alone, beginning with a small letter as the end of a sentence; never empty. */
    public static String text(Throwable error) {
        String message = error.getMessage();
        if (error instanceof FileSystemException file && file.getReason() == null) {
            // The message of these is the name of the file.
            return switch (file) {
                case NoSuchFileException missing -> "no such file or directory";
                case AccessDeniedException denied -> "permission denied";
                case FileAlreadyExistsException present -> "file exists";
                default -> file.getClass().getSimpleName();
            };
        }
        if (error instanceof FileSystemException file) {
            message = file.getReason();
        }
        if (message == null || message.isBlank()) {
            return error instanceof IOException && error.getCause() != null
                    ? text(error.getCause())
                    : error.getClass().getSimpleName();
        }
        Matcher call = NATIVE.matcher(message);
        boolean named = call.lookingAt();
        String reason =
                ADDRESS.matcher(named ? message.substring(call.end()) : message).replaceFirst("");
        return startsAsSentence(reason) ? Character.toLowerCase(reason.charAt(0)) + reason.substring(1) : reason;
    }

    /** {@code Connection refused}, not {@code TLS ...}. */
    private static boolean startsAsSentence(String text) {
        return text.length() > 1 && Character.isUpperCase(text.charAt(0)) && Character.isLowerCase(text.charAt(1));
    }

    /** An address as an operator writes it: {@code 10.0.0.1:11211}, {@code [::1]:11211}, {@code *:11211}, or a path. */
    public static String readable(SocketAddress address) {
        if (address instanceof InetSocketAddress tcp && tcp.getAddress() != null) {
            return tcp.getAddress().isAnyLocalAddress()
                    ? "*:" + tcp.getPort()
                    : tcp.toString().replaceFirst("^.*/(?=[0-9\\[])", "");
        }
        return address instanceof UnixDomainSocketAddress unix ? unix.getPath().toString() : address.toString();
    }
}
