package io.memroute.proxy.handler;

import io.memroute.protocol.Request;

/** The differences between a request that gets to a route and what the route's children get. */
public interface Changes {

    /** Children get the request as it is. */
    Changes NONE = new OtherThanKey(false);

    /** Children get another time to live. */
    Changes TTL = new OtherThanKey(true);

    /** Whether the key may become another one. */
    boolean key();

    /** Whether the time to live becomes another one. */
    boolean ttl();

    /** A request with the key that a child gets. */
    Request passedOn(Request request);

    /**
     * Returns the beginning of keys behind the route, as far as it is certain.
     *
     * @param beginning what all keys that get there begin with
     */
    String beginning(String beginning);

    /** Changes that leave the key alone. */
    record OtherThanKey(boolean ttl) implements Changes {

        @Override
        public boolean key() {
            return false;
        }

        @Override
        public Request passedOn(Request request) {
            return request;
        }

        @Override
        public String beginning(String beginning) {
            return beginning;
        }
    }
}
