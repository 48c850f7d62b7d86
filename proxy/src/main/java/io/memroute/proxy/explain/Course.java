package io.memroute.proxy.explain;

import java.time.Duration;
import java.util.List;

/**
 * The course of one request in a {@link Simulation}.
 *
 * @param asked every request to a backend, in the order in which they were sent
 * @param reply the bytes that the client gets, each byte one character; nothing if it asked not to hear this
 * @param outcome the reply in words: {@code hit}, {@code miss}, or a line such as {@code STORED}
 * @param from the backend whose value the reply carries; empty for other replies. {@link #EMBEDDED} for the embedded
 *     store
 * @param after how long the client waited, with backends that answer at once
 */
public record Course(List<Asked> asked, String reply, String outcome, String from, Duration after) {

    /** The value of {@link #from} for the embedded store. */
    public static final String EMBEDDED = "internal";

    /** The value of {@link Asked#answer} for a backend that was not reached. */
    public static final String DOWN = "down";

    public Course {
        asked = List.copyOf(asked);
    }

    /**
     * @param slot the backend's place in the pool's list, 0-based
     * @param backend its address
     * @param request the line that was sent
     * @param answer what came back, in the words of {@link Course#outcome}; {@code down} or {@code no answer} if
     *     nothing did
     */
    public record Asked(String pool, int slot, String backend, String request, String answer) {}
}
