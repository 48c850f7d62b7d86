package io.memroute.proxy.backend.connect;

import io.memroute.proxy.text.SystemError;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The reason for which TLS with a server failed, in the words of an operator. */
public final class TlsFault extends IOException {

    /** An alert that the server sent, as the JDK names it. */
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");

    private TlsFault(String text, Throwable cause) {
        super(text, cause);
    }

    /** Puts the failure of a handshake, or of what came after it, into words. */
    public static TlsFault of(Throwable failure) {
        return new TlsFault(text(failure), failure);
    }

    /** Returns whether a handshake may have failed because a session was offered: OpenSSL then sends this alert. */
    static boolean refusesSessions(Throwable failure) {
        return String.valueOf(failure.getMessage()).contains("Received fatal alert: internal_error");
    }

    private static String text(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String text = known(cause);
            if (text != null) {
                return text;
            }
        }
        return SystemError.text(failure);
    }

    private static @Nullable String known(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return switch (cause) {
            case NotSslRecordException plain -> "the server does not speak TLS";
            case CertificateExpiredException expired -> "certificate expired (" + message + ")";
            case CertificateNotYetValidException early -> "certificate not valid yet (" + message + ")";
            case CertPathBuilderException path -> "certificate not signed by a trusted authority";
            case CertificateException name
            when message.startsWith("No ") -> "certificate not for this server: " + SystemError.text(name);
            case ClosedChannelException closed -> "the server closed the connection; does it speak TLS?";
            case SSLException alert -> {
                Matcher matcher = ALERT.matcher(message);
                yield matcher.find() ? "the server refused with the alert " + matcher.group(1) : null;
            }
            default -> null;
        };
    }
}
