package io.memroute.proxy.tls;

import java.io.IOException;

/** A certificate, key or password file that cannot be used; the message names it, as memcached's messages do. */
public final class TlsFileException extends IOException {

    public TlsFileException(String message) {
        super(message);
    }

    TlsFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
