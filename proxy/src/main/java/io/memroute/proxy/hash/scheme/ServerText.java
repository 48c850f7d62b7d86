package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.ServerName;
import java.util.List;
import java.util.function.Function;

/** The ways to write a server as the text that is hashed, unless it has a name of its own. */
enum ServerText {

    /** {@code HOST:PORT}. */
    HOST_PORT(server -> server.host() + ":" + server.port()),

    /** {@code HOST} where the port is memcached's, else {@code HOST:PORT}. */
    HOST_UNLESS_OTHER_PORT(
            server -> server.port() == ServerText.MEMCACHED_PORT ? server.host() : HOST_PORT.form.apply(server)),

    /** {@code /HOST:PORT}: an address as Java shows one that was never a name. */
    SLASH_HOST_PORT(server -> "/" + HOST_PORT.form.apply(server)),

    /** {@code HOST/HOST:11211}, whatever the port. */
    HOST_SLASH_HOST_MEMCACHED_PORT(server -> server.host() + "/" + server.host() + ":" + ServerText.MEMCACHED_PORT);

    private static final int MEMCACHED_PORT = 11211;

    private final Function<ServerName, String> form;

    ServerText(Function<ServerName, String> form) {
        this.form = form;
    }

    String of(ServerName server) {
        return server.name().orElseGet(() -> form.apply(server));
    }

    List<String> of(List<ServerName> servers) {
        return servers.stream().map(this::of).toList();
    }
}
