package io.memroute.app.importing;

import io.memroute.app.importing.Pool.Server;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.scheme.Schemes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the list of servers that a client library is given: {@code host:port:weight,...}, port and weight optional. */
final class ServersImport {

    private static final Pattern SERVER = Pattern.compile(
            "(?:\\[(?<v6>[^\\]]+)]|(?<host>[^:\\s]+))(?::(?<port>\\d{1,5})(?::(?<weight>\\d+(?:\\.\\d+)?))?)?");
    private static final int DEFAULT_PORT = 11211;

    private ServersImport() {}

    /**
     * Reads the list.
     *
     * @param hash the key hash, or empty for the scheme's default
     * @throws ImportException if the list or the scheme is none
     */
    static Imported read(String list, String schemeName, Optional<String> hash) {
        Scheme scheme = Schemes.named(schemeName)
                .orElseThrow(() -> new ImportException(
                        0,
                        "no scheme \"" + schemeName + "\"" + NearestName.hint(schemeName, Schemes.names())
                                + "; there are "
                                + String.join(
                                        ", ",
                                        Schemes.ALL.stream().map(Scheme::name).toList())));
        hash.filter(name -> !scheme.hashes().containsKey(name)).ifPresent(name -> {
            throw new ImportException(
                    0,
                    scheme.name() + " has no hash \"" + name + "\""
                            + NearestName.hint(name, scheme.hashes().keySet()) + "; it has "
                            + String.join(", ", scheme.hashes().keySet()));
        });
        Imported result = new Imported();
        List<Server> servers = new ArrayList<>();
        for (String text : list.split("[,\\s]+")) {
            if (!text.isEmpty()) {
                servers.add(server(text, scheme));
            }
        }
        if (servers.isEmpty()) {
            throw new ImportException(0, "a list without servers");
        }
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("placement", scheme.name());
        hash.ifPresent(name -> options.put("hash", name));
        result.add(new Pool("main", options, Map.of(), servers, 1));
        result.routes(Map.of("default", new Lua.Call("route_direct", Map.of("child", "main"))));
        result.report()
                .exact(
                        1,
                        scheme.name(),
                        servers.size() + (servers.size() == 1 ? " server" : " servers")
                                + ", placed as this scheme does");
        if (scheme.resolving()) {
            result.report()
                    .nearly(
                            1,
                            scheme.name(),
                            "the client hashes addresses with names of hosts: give each server that has a name the text"
                                    + " that the client hashes, as name = \"host/address:port\"");
        }
        result.report()
                .nearly(
                        1,
                        "failures",
                        "memroute never moves the keys of a server that fails, as many clients do if they are told to");
        return result;
    }

    private static Server server(String text, Scheme scheme) {
        Matcher server = SERVER.matcher(text);
        if (!server.matches()) {
            throw new ImportException(0, "expected host, host:port or host:port:weight, got \"" + text + "\"");
        }
        double weight = server.group("weight") == null ? 1 : Double.parseDouble(server.group("weight"));
        if (!scheme.weights().allow(weight)) {
            throw new ImportException(
                    0,
                    text + ": " + scheme.name()
                            + (scheme.weights().any()
                                    ? " takes as weight " + scheme.weights().expected()
                                    : " has no weights"));
        }
        return new Server(
                server.group("v6") == null ? server.group("host") : server.group("v6"),
                server.group("port") == null ? DEFAULT_PORT : Integer.parseInt(server.group("port")),
                weight,
                Optional.empty(),
                false,
                false,
                1);
    }
}
