package io.memroute.proxy.discovery;

/** A source that cannot be asked, or does not answer as it should; the message says why, without naming the source. */
public final class SourceException extends Exception {

    private static final long serialVersionUID = 1;

    public SourceException(String message) {
        super(message);
    }

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
