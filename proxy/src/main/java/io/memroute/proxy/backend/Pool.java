package io.memroute.proxy.backend;

import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.measure.KeySamples;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pool as one worker sees it: picks the backend of each key. Owned by the worker's thread. */
public final class Pool {

    private final String name;
    private final KeyDistributor distributor;
    private final Backend[] backends;
    private final @Nullable KeySamples samples;

    /** @param backends in configuration order: what the distributor's results are indexes into */
    public Pool(String name, KeyDistributor distributor, Backend[] backends) {
        this(name, distributor, backends, null);
    }

    /** @param samples takes samples of its requests, if they are wanted */
    Pool(String name, KeyDistributor distributor, Backend[] backends, @Nullable KeySamples samples) {
        this.name = name;
        this.distributor = distributor;
        this.backends = backends;
        this.samples = samples;
    }

    public String name() {
        return name;
    }

    /** Its backends, in configuration order. */
    public List<Backend> backends() {
        return List.of(backends);
    }

    /** The backend of a request's key. */
    public Backend backend(Request request) {
        return backends[distributor.select(request.buffer(), request.keyIndex(), request.keyLength())];
    }

    /** Sends the call's request to the backend of its key. */
    public void send(Call call) {
        Request request = call.request();
        Backend backend = backend(request);
        if (samples != null && samples.due()) {
            samples.take(request, backend.spec().label());
        }
        backend.send(call);
    }
}
