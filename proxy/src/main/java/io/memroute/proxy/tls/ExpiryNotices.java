package io.memroute.proxy.tls;

import io.memroute.proxy.text.Shown;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of certificates that have expired or soon will: once a day for each. Thread safe. */
public final class ExpiryNotices {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** Certificates that end within this time are warned of: enough to get another, and to notice that nobody does. */
    static final Duration NOTICE = Duration.ofDays(30);

    private static final Duration PAUSE = Duration.ofDays(1);

    /** The time at which each was warned of. */
    private final Map<String, Instant> told = new ConcurrentHashMap<>();

    /** Returns the end of a sentence about the certificate, as in "expires in 3 days, at ..."; empty if it lasts. */
    public static Optional<String> text(Instant validUntil, Instant now) {
        if (validUntil.isBefore(now)) {
            return Optional.of("has expired: it was valid until " + validUntil);
        }
        return validUntil.isBefore(now.plus(NOTICE))
                ? Optional.of("expires in " + Duration.between(now, validUntil).toDays() + " days, at " + validUntil)
                : Optional.empty();
    }

    /** Warns of a certificate in a file if it is time to. */
    public void noteFile(String file, Instant validUntil) {
        note("the certificate in " + file, validUntil);
    }

    /** Warns of the certificate that a backend shows if it is time to. */
    public void noteBackend(String label, Instant validUntil) {
        note("the certificate of backend " + Shown.text(label), validUntil);
    }

    private void note(String whose, Instant validUntil) {
        Instant now = Instant.now();
        Optional<String> text = text(validUntil, now);
        if (text.isEmpty()) {
            told.remove(whose);
            return;
        }
        Instant before = told.get(whose);
        if (before == null || before.plus(PAUSE).isBefore(now)) {
            told.put(whose, now);
            LOG.warn("{} {}", whose, text.get());
        }
    }
}
