package io.memroute.proxy.discovery;

import java.time.Duration;

/** A source that cannot be asked, or does not answer as it should; the message says why, without naming the source. */
public final class SourceException extends Exception {

    private static final long serialVersionUID = 1;

    private final Duration pause;

    public SourceException(String message) {
        this(message, Duration.ZERO);
    }

    /** @param pause the time for which the source wants no more questions */
    public SourceException(String message, Duration pause) {
        super(message);
        this.pause = pause;
    }

    public SourceException(String message, Throwable cause) {
        super(message, cause);
        this.pause = Duration.ZERO;
    }

    /** The time for which the source wants no more questions; zero if it has not said so. */
    public Duration pause() {
        return pause;
    }
}
