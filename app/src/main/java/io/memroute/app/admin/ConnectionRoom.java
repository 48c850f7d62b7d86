package io.memroute.app.admin;

import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Room for a number of connections. When it is full, the one that has kept the listener waiting longest makes room for
 * a new one, so that clients that say nothing never keep out a probe. Those that are sent events have room of their
 * own: they stay, and must not take it from others. Thread safe.
 */
final class ConnectionRoom {

    private final Semaphore places;
    /** Connections of which the listener waits for the client, the longest waiting first. */
    private final Set<Channel> waiting = new LinkedHashSet<>();

    private final int mostStreams;
    private final Set<Channel> streams = new HashSet<>();

    ConnectionRoom(int places, int mostStreams) {
        this.places = new Semaphore(places);
        this.mostStreams = mostStreams;
    }

    /**
     * Takes a place. Returns false if there is none, because all the others are being answered. On the event loop of
     * the connections, where closing one is done at once.
     */
    boolean enter() {
        if (places.tryAcquire()) {
            return true;
        }
        Channel longest = takeLongestWaiting();
        if (longest == null) {
            return false;
        }
        longest.close();
        return places.tryAcquire();
    }

    private synchronized @Nullable Channel takeLongestWaiting() {
        Iterator<Channel> oldest = waiting.iterator();
        if (!oldest.hasNext()) {
            return null;
        }
        Channel longest = oldest.next();
        oldest.remove();
        return longest;
    }

    /** The client has to do something: to ask, or to close its side. */
    synchronized void waitsForClient(Channel connection) {
        waiting.add(connection);
    }

    /** The client has asked, and is owed an answer. */
    synchronized void owesAnswer(Channel connection) {
        waiting.remove(connection);
    }

    /** Changes the place of a connection for one among the streams. Returns false if there are too many of those. */
    synchronized boolean becomesStream(Channel connection) {
        if (streams.size() >= mostStreams || !connection.isActive()) {
            return false;
        }
        streams.add(connection);
        places.release();
        return true;
    }

    /** Ends all streams: nothing else would. */
    synchronized void closeStreams() {
        List.copyOf(streams).forEach(Channel::close);
    }

    /** Gives the place back. */
    synchronized void leave(Channel connection) {
        owesAnswer(connection);
        if (!streams.remove(connection)) {
            places.release();
        }
    }
}
