package io.memroute.proxy.explain;

import io.memroute.proxy.access.IdentityName;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.Warnings;
import io.memroute.proxy.config.clients.NamedClient;
import java.util.List;
import java.util.Optional;

/** Doubts about the clients that rules name: no listener lets a client have such a name. */
final class ClientWarnings {

    private ClientWarnings() {}

    static void find(List<NamedClient> clients, KnownListeners listeners, Warnings to) {
        for (NamedClient client : clients) {
            reason(client.name(), listeners)
                    .ifPresent(reason -> to.add(
                            Warning.Kind.UNKNOWN_CLIENT,
                            client.where(),
                            "who: no client is \"" + client.name() + "\": " + reason));
        }
    }

    private static Optional<String> reason(IdentityName name, KnownListeners listeners) {
        return switch (name.kind()) {
            case ANYONE -> Optional.empty();
            case USER -> listeners.logins() ? Optional.empty() : Optional.of("clients cannot log in without -Y");
            case CN, SAN ->
                listeners.certificates()
                        ? Optional.empty()
                        : Optional.of("no listener asks for certificates (-Z with ssl_verify_mode, or mtls:)");
            case TAG ->
                listeners.tags().contains(name.name()) ? Optional.empty() : Optional.of("no listener has this tag");
        };
    }
}
