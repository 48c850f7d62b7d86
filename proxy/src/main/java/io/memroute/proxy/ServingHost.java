package io.memroute.proxy;

import io.memroute.proxy.config.library.ConfigHost;
import io.memroute.proxy.config.source.LuaBounds;
import io.memroute.proxy.discovery.ServerLookup;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The world of a configuration that a server loads to serve with. Used on the configuration thread.
 *
 * <p>It keeps the texts of the configuration's own files. A load that a source of servers has caused reads those: what
 * an operator is editing meanwhile comes into force when the operator says so.
 */
final class ServingHost extends ConfigHost {

    private final ServerLookup servers;
    private final Map<String, byte[]> texts;

    private ServingHost(LuaBounds bounds, ServerLookup servers, Map<String, byte[]> texts) {
        super(bounds);
        this.servers = servers;
        this.texts = texts;
    }

    /** Returns a host that reads files as they are now. */
    static ServingHost now(LuaBounds bounds, ServerLookup servers) {
        return new ServingHost(bounds, servers, new HashMap<>());
    }

    /** Returns a host that gives files as this one has read them. */
    ServingHost again() {
        return new ServingHost(bounds(), servers, texts);
    }

    @Override
    public byte[] source(String name) throws IOException {
        byte[] text = texts.get(name);
        if (text == null) {
            text = super.source(name);
            texts.put(name, text);
        }
        return text;
    }

    /** The names of the files read so far. */
    Set<String> files() {
        return Set.copyOf(texts.keySet());
    }

    @Override
    public ServerLookup servers() {
        return servers;
    }
}
