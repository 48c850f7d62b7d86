package io.memroute.proxy.measure;

import io.memroute.protocol.Request;
import io.memroute.proxy.stats.HotKeys;

/**
 * Tells {@link HotKeys} the lengths of some of the values that one server answers with. They are samples apart from
 * those of {@link KeySamples}, since what could remember a request until its reply comes would be in the way of all
 * requests. Owned by the worker's thread.
 */
public final class ValueSizes {

    private final HotKeys keys;
    private final String backend;

    /** @param backend the label of the server */
    public ValueSizes(HotKeys keys, String backend) {
        this.keys = keys;
        this.backend = backend;
    }

    /** Notes the length of the value that answers a request. */
    public void seen(Request request, int bytes) {
        if (keys.isSizeDue()) {
            keys.size(request.buffer(), request.keyIndex(), request.keyLength(), backend, bytes);
        }
    }
}
