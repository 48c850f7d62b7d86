package io.memroute.app.explain;

import io.memroute.app.options.ExitStatus;
import io.memroute.app.options.WholeNumber;
import io.memroute.app.placement.Agreement;
import io.memroute.app.placement.Keys;
import io.memroute.app.placement.Placement;
import io.memroute.app.placement.Probes;
import io.memroute.app.placement.Progress;
import io.memroute.app.terminal.Paint;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.explain.render.Json;
import io.memroute.proxy.hash.Distribution;
import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeySelection;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.scheme.Schemes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code memroute verify-placement}: are the keys where something else puts them? */
@Command(
        name = "verify-placement",
        description =
                "Compare the servers that a pool picks with those that another configuration, scheme or proxy picks.",
        footer = {
            "",
            "Exits with 0 if all keys have the same server, 2 if some have not, 1 if that could not be found out."
        },
        exitCodeOnInvalidInput = ExitStatus.USAGE)
public final class VerifyPlacementCommand extends ExplainCommand {

    /** Some keys have another server. */
    static final int DIFFERENT = 2;

    private static final int MADE_KEYS = 1_000_000;

    /** Enough to tell one scheme from another, and few enough to take a moment. */
    private static final int PROBES = 1_000;

    /** Keys between two looks at the progress. */
    private static final int STEP = 1_024;

    private static final Pattern ADDRESS = Pattern.compile("(?:\\[(?<v6>[^\\]]+)]|(?<host>[^:]*)):(?<port>\\d{1,5})");

    @Parameters(index = "0", paramLabel = "FILE", description = "the configuration file")
    private String file = "";

    @Option(
            names = "--against",
            required = true,
            paramLabel = "<what>",
            description = {
                "another configuration file;",
                "or a placement of docs/placement.md, with its hash after a colon if it is not the default;",
                "or the host:port of a running proxy, with --write-probes"
            })
    private String against = "";

    @Option(
            names = "--pool",
            paramLabel = "<name>",
            description = "the pool (default: the only one with more than one server)")
    private Optional<String> poolName = Optional.empty();

    @Option(
            names = "--against-pool",
            paramLabel = "<name>",
            description = "the pool of the other configuration (default: the one of the same name, or the only one)")
    private Optional<String> otherPoolName = Optional.empty();

    @Option(
            names = "--keys",
            paramLabel = "<file>",
            description = "keys, one per line (default: a million generated ones)")
    private Optional<Path> keyFile = Optional.empty();

    @Option(
            names = "--write-probes",
            description = "store test keys through the running proxy, look up which servers have them, and delete"
                    + " them again")
    private boolean writeProbes;

    @Option(
            names = "--probes",
            converter = WholeNumber.Positive.class,
            paramLabel = "<num>",
            description = "how many (default: 1000)")
    private Optional<Integer> probes = Optional.empty();

    @Mixin
    private ConfigurationFile configuration;

    @Override
    Paint paint() {
        return Colours.PLACEMENT;
    }

    @Override
    int run() throws ConfigException, IOException {
        PoolSpec pool = pool(subject(configuration, Optional.of(file)).config(), poolName, Optional.empty(), file);
        Agreement.Result result = compare(pool);
        print(json() ? Json.of(result) : result.text());
        return result.isWhole() ? ExitStatus.OK : DIFFERENT;
    }

    private Agreement.Result compare(PoolSpec pool) throws ConfigException, IOException {
        if (Files.exists(Path.of(against))) {
            refuseProbes();
            ProxyConfig other = subject(configuration, Optional.of(against)).config();
            return compare(pool, Placement.of(pool(other, otherPoolName, Optional.of(pool.name()), against)));
        }
        Matcher address = ADDRESS.matcher(against);
        if (address.matches()) {
            return probe(pool, address);
        }
        refuseProbes();
        return compare(pool, Placement.of(pool, scheme(pool)));
    }

    private void refuseProbes() {
        if (writeProbes) {
            throw new IllegalArgumentException("--write-probes: --against must be the host:port of a running proxy");
        }
    }

    private Agreement.Result probe(PoolSpec pool, Matcher address) throws IOException {
        if (!writeProbes) {
            throw new IllegalArgumentException(
                    "asking a running proxy stores test keys in it: allow that with --write-probes");
        }
        int port = Integer.parseInt(address.group("port"));
        if (port > 0xffff) {
            throw new IllegalArgumentException("--against: there is no port " + port);
        }
        int count = probes.orElse(PROBES);
        List<byte[]> keys = keyFile.isPresent() ? Keys.ofFile(keyFile.get()) : Keys.made(count);
        String host = address.group("v6") == null ? address.group("host") : address.group("v6");
        return Probes.compare(
                pool,
                new InetSocketAddress(host.isEmpty() ? "127.0.0.1" : host, port),
                keys.subList(0, Math.min(count, keys.size())));
    }

    private Agreement.Result compare(PoolSpec pool, Placement there) throws IOException {
        Placement here = Placement.of(pool);
        List<byte[]> keys = keyFile.isPresent() ? Keys.ofFile(keyFile.get()) : Keys.made(MADE_KEYS);
        Agreement agreement = new Agreement();
        try (Progress progress = Progress.on(keys.size())) {
            for (int i = 0; i < keys.size(); i++) {
                byte[] key = keys.get(i);
                agreement.add(key, here.serverOf(key), there.serverOf(key));
                if (i % STEP == 0) {
                    progress.done(i);
                }
            }
        }
        return agreement.result();
    }

    /** Another scheme, with the pool's filter. */
    private KeySelection scheme(PoolSpec pool) {
        String[] parts = against.split(":", 2);
        Scheme scheme = Schemes.named(parts[0])
                .orElseThrow(() -> new IllegalArgumentException("--against " + against
                        + ": no such file, no placement of that name"
                        + NearestName.hint(parts[0], Schemes.names()) + ", and no host:port; placements are "
                        + Schemes.ALL.stream().map(Scheme::name).collect(Collectors.joining(", "))));
        HashFunction hash =
                parts.length < 2 ? scheme.defaultHash() : scheme.hashes().get(parts[1]);
        if (hash == null) {
            throw new IllegalArgumentException("--against " + against + ": " + scheme + " has no hash \"" + parts[1]
                    + "\"" + NearestName.hint(parts[1], scheme.hashes().keySet()) + "; it has "
                    + String.join(", ", scheme.hashes().keySet()));
        }
        pool.servers().stream()
                .filter(server -> !scheme.weights().allow(server.weight()))
                .findFirst()
                .ifPresent(server -> {
                    throw new IllegalArgumentException("--against " + against + ": does not take the weight "
                            + server.weight() + " of " + server.host() + ":" + server.port());
                });
        return new KeySelection(
                hash, Optional.empty(), pool.options().selection().filter(), new Distribution.SchemeOf(scheme));
    }

    /** The pool of a name, or the one that can only be meant. */
    private static PoolSpec pool(ProxyConfig config, Optional<String> name, Optional<String> preferred, String where) {
        List<PoolSpec> pools = config.allPools().toList();
        List<String> names = pools.stream().map(PoolSpec::name).toList();
        if (name.isPresent() || preferred.filter(names::contains).isPresent()) {
            String wanted = name.or(() -> preferred).orElseThrow();
            return pools.stream()
                    .filter(pool -> pool.name().equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            where + " has no pool \"" + wanted + "\"; it has " + String.join(", ", names)));
        }
        List<PoolSpec> choosing =
                pools.stream().filter(pool -> pool.backends().size() > 1).toList();
        if (choosing.size() == 1) {
            return choosing.getFirst();
        }
        throw new IllegalArgumentException("which pool of " + where + "? It has " + String.join(", ", names));
    }
}
