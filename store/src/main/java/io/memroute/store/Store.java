package io.memroute.store;

import io.memroute.protocol.Request;
import io.netty.buffer.ByteBuf;
import java.util.Map;

/** The shape of the embedded store as the proxy uses it; its contents follow in the next change. */
public final class Store {

    private static final byte[] NOTHING_YET = "SERVER_ERROR no store yet\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private Store() {}

    public static Builder builder() {
        return new Builder();
    }

    public static final class Builder {
        public Builder maximumBytes(long bytes) {
            return this;
        }

        public Builder itemSizeLimit(int bytes) {
            return this;
        }

        public Store build() {
            return new Store();
        }
    }

    /** Storage commands, and flush_all; returns whether memcached would suppress the reply. */
    public boolean execute(Request request, ByteBuf value, int valueIndex, ByteBuf out) {
        out.writeBytes(NOTHING_YET);
        return false;
    }

    /** By the names of {@code stats}, in memcached's order. */
    public Map<String, String> stats() {
        return Map.of();
    }

    public void resetStats() {}
}
