package io.memroute.proxy.discovery.source;

import io.memroute.proxy.discovery.DiscoverySettings;
import io.memroute.proxy.discovery.FoundServer;
import io.memroute.proxy.discovery.Source;
import io.memroute.proxy.discovery.SourceAddress;
import io.memroute.proxy.discovery.SourceException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Servers by name servers, with the prefixes and their meaning of Thanos: {@code dns+NAME:PORT} is the addresses of a
 * name; {@code dnssrv+NAME[:PORT]} the targets of its SRV records with their addresses; {@code dnssrvnoa+NAME[:PORT]}
 * the targets by name. A port that is given is preferred to that of a record. It is asked again when the first record
 * is no longer valid.
 *
 * <p>A target keeps its name when its address changes, so that it keeps its keys. The address that is connected to is
 * the least of a target's, so that it does not depend on the order of an answer.
 */
final class DnsSource implements Source {

    /** A time to live of 0 does not mean to ask without a pause. */
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

    private static final int MAX_PORT = 65535;

    /** Bounds a question with everything that it needs. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final SourceAddress.Kind kind;
    private final String name;
    private final OptionalInt port;
    private final Duration refresh;
    private final Names names;

    /** @throws SourceException if the address lacks its port, or a name server is no address */
    DnsSource(SourceAddress address, DiscoverySettings.Asking asking) throws SourceException {
        this(address, asking, TIMEOUT);
    }

    /** @param timeout for a question with everything that it needs */
    DnsSource(SourceAddress address, DiscoverySettings.Asking asking, Duration timeout) throws SourceException {
        kind = address.kind();
        int colon = address.where().lastIndexOf(':');
        name = colon < 0 ? address.where() : address.where().substring(0, colon);
        port = colon < 0
                ? OptionalInt.empty()
                : OptionalInt.of(port(address.where().substring(colon + 1)));
        if (port.isEmpty() && kind == SourceAddress.Kind.DNS) {
            throw new SourceException("the port is missing: expected dns+NAME:PORT");
        }
        if (name.isEmpty()) {
            throw new SourceException("the name is missing: expected " + kind.prefix() + "NAME:PORT");
        }
        refresh = asking.refresh();
        names = new Names(asking.dnsServers(), timeout);
    }

    private static int port(String digits) throws SourceException {
        int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > MAX_PORT) {
            throw new SourceException("expected a port from 1 to " + MAX_PORT + " after the colon");
        }
        return port;
    }

    @Override
    public Answer ask() throws SourceException, InterruptedException {
        return kind == SourceAddress.Kind.DNS ? addresses() : targets();
    }

    private Answer addresses() throws SourceException, InterruptedException {
        Names.Addresses found = names.question().addresses(List.of(name));
        List<FoundServer> servers = found.byName().getOrDefault(name, List.of()).stream()
                .map(address -> FoundServer.of(address.getHostAddress(), port.orElseThrow()))
                .toList();
        return new Answer(servers, pause(found.ttl()));
    }

    private Answer targets() throws SourceException, InterruptedException {
        Names.Question question = names.question();
        Names.Targets found = question.targets(name);
        if (kind == SourceAddress.Kind.DNSSRVNOA) {
            return new Answer(
                    found.servers().stream()
                            .map(target -> FoundServer.of(target.name(), itsPort(target)))
                            .toList(),
                    pause(found.ttl()));
        }
        // The whole answer fails with one target: a part of a list would look like servers that left.
        Names.Addresses addresses = question.addresses(
                found.servers().stream().map(FoundServer::name).distinct().toList());
        List<FoundServer> servers = new ArrayList<>();
        for (FoundServer target : found.servers()) {
            List<InetAddress> its = addresses.byName().getOrDefault(target.name(), List.of());
            servers.add(new FoundServer(target.name(), least(its), itsPort(target)));
        }
        Duration ttl = found.ttl();
        return new Answer(servers, pause(ttl.compareTo(addresses.ttl()) <= 0 ? ttl : addresses.ttl()));
    }

    private int itsPort(FoundServer target) {
        return port.orElse(target.port());
    }

    private static String least(List<InetAddress> addresses) {
        return addresses.stream()
                .min((a, b) -> {
                    int order = Integer.compare(a.getAddress().length, b.getAddress().length);
                    return order != 0 ? order : Arrays.compareUnsigned(a.getAddress(), b.getAddress());
                })
                .orElseThrow()
                .getHostAddress();
    }

    private Duration pause(Duration ttl) {
        Duration least = ttl.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : ttl;
        return least.compareTo(refresh) < 0 ? least : refresh;
    }

    @Override
    public void close() {
        names.close();
    }
}
