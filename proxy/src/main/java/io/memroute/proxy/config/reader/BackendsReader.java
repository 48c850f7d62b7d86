package io.memroute.proxy.config.reader;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.PoolSource;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.placement.ServerOptions;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Place;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.hash.KeySelection;
import io.memroute.proxy.hash.ServerName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the list {@code backends} of one pool; an entry is a string or a table. */
final class BackendsReader {

    static final Set<String> BACKEND_KEYS = backendKeys();

    /** Labels that were to be {@code _down_}. */
    private static final Pattern DOWN = Pattern.compile("_?down_?", Pattern.CASE_INSENSITIVE);

    /** Labels that were to be ports. */
    private static final Pattern PORT = Pattern.compile(":?[0-9]{4,5}");

    /** Labels that were to be servers. */
    private static final Pattern SERVER = Pattern.compile("[0-9]+(?:\\.[0-9]+){3}(?::[0-9]+)?|[^:]+:[0-9]{4,5}");

    /** A backend, and what it is in the distribution of keys. */
    record Placed(BackendSpec backend, ServerName server) {

        static Placed of(BackendSpec backend) {
            return new Placed(backend, new ServerName(backend.host(), backend.port()));
        }
    }

    /**
     * The backends of a pool.
     *
     * @param servers the same in the distribution of keys
     * @param sources what named some of them
     */
    record Backends(List<BackendSpec> backends, List<ServerName> servers, List<PoolSource> sources) {}

    private final Section pool;
    private final BackendOptions defaults;
    private final KeySelection selection;
    private final BackendLabels labels;
    private final SourceReader sources;
    private final Findings findings;

    /**
     * @param selection says which names and weights backends may have
     * @param labels of the backends read so far
     * @param sources reads entries that are sources of servers
     */
    BackendsReader(
            Section pool, BackendOptions defaults, KeySelection selection, BackendLabels labels, SourceReader sources) {
        this.pool = pool;
        this.defaults = defaults;
        this.selection = selection;
        this.labels = labels;
        this.sources = sources;
        this.findings = pool.findings();
    }

    private static Set<String> backendKeys() {
        Set<String> keys = new HashSet<>(BackendOptions.names());
        keys.addAll(Set.of("host", "port", "label", SourceReader.KEY));
        keys.addAll(ServerOptions.NAMES);
        return Set.copyOf(keys);
    }

    /** The backends in order; empty if the list or an entry has errors, which have been noted. */
    Optional<Backends> read() {
        Object value = pool.value("backends");
        if (!(value instanceof LuaTable table)) {
            if (value == null) {
                pool.fail("has no backends: expected backends = { \"host:port\", ... }");
            } else {
                pool.expected("backends", "a list such as { \"host:port\", ... }", value);
            }
            return Optional.empty();
        }
        List<LuaValues.Entry> entries = LuaValues.inOrder(table);
        if (entries.isEmpty()) {
            pool.fail("backends", "is empty; a pool needs at least one backend");
            return Optional.empty();
        }
        Place places = pool.place("backends");
        List<Placed> placed = new ArrayList<>();
        List<PoolSource> named = new ArrayList<>();
        boolean understood = true;
        for (int i = 0; i < entries.size(); i++) {
            LuaValues.Entry entry = entries.get(i);
            Place place = places.field(entry.plainKey());
            if (!(entry.key() instanceof Long position)) {
                findings.error(
                        place.where(),
                        pool.subject() + ": backends: expected a list, found the key "
                                + LuaValues.describe(entry.key()));
                return Optional.empty();
            }
            if (position != i + 1) {
                findings.error(place.where(), pool.subject() + ": backends: entry " + (i + 1) + " of the list is nil");
                return Optional.empty();
            }
            String subject = "backend " + position + " of " + pool.subject();
            if (SourceReader.isSource(entry.value())) {
                Optional<SourceReader.Servers> servers = readSource(subject, entry.value(), place);
                servers.ifPresent(some -> {
                    placed.addAll(some.placed());
                    named.add(some.source());
                });
                understood &= servers.isPresent();
                continue;
            }
            Optional<Placed> backend = readBackend(subject, entry.value(), place);
            Place host = entry.value() instanceof LuaTable ? place.field("host") : place;
            backend.ifPresent(some -> {
                warnOf(some.backend(), subject, host, place);
                ServerOptions.unresolved(some.server(), selection)
                        .ifPresent(problem ->
                                findings.warn(Warning.Kind.DOUBTFUL_HOST, host.where(), subject + ": " + problem));
                placed.add(some);
            });
            understood &= backend.isPresent();
        }
        if (understood && placed.stream().allMatch(some -> some.server().weight() == 0)) {
            pool.fail("backends", "all have the weight 0; at least one needs a weight above 0");
            return Optional.empty();
        }
        return understood
                ? Optional.of(new Backends(
                        placed.stream().map(Placed::backend).toList(),
                        placed.stream().map(Placed::server).toList(),
                        named))
                : Optional.empty();
    }

    private Optional<SourceReader.Servers> readSource(String subject, Object value, Place place) {
        if (!(value instanceof LuaTable table)) {
            return sources.read(subject, value.toString(), defaults, place, findings);
        }
        Section section = new Section(table, subject, "option", place, findings);
        section.allowOnly(SourceReader.KEYS);
        BackendOptions options = defaults.with(BackendOptions.read(section));
        return section.text(SourceReader.KEY)
                .flatMap(text -> sources.read(subject, text, options, section.place(SourceReader.KEY), findings));
    }

    private void warnOf(BackendSpec backend, String subject, Place host, Place place) {
        DoubtfulHost.problem(backend.host())
                .ifPresent(problem -> findings.warn(
                        Warning.Kind.DOUBTFUL_HOST,
                        host.where(),
                        subject + ": the host " + LuaValues.quote(backend.host()) + " " + problem));
        labels.otherOwner(backend, place.where())
                .ifPresent(other -> findings.warn(
                        Warning.Kind.DOUBTFUL_LABEL,
                        place.where(),
                        subject + ": the label " + LuaValues.quote(backend.label()) + " is also the label of "
                                + other.address() + " (" + other.where() + "); statistics and logs cannot tell them"
                                + " apart"));
        if (DOWN.matcher(backend.label()).matches()) {
            findings.warn(
                    Warning.Kind.DOUBTFUL_LABEL,
                    place.where(),
                    subject + ": " + LuaValues.quote(backend.label())
                            + " is read as its label; to take a server out of service write _down_");
        } else if (PORT.matcher(backend.label()).matches()) {
            findings.warn(
                    Warning.Kind.DOUBTFUL_LABEL,
                    place.where(),
                    subject + ": " + LuaValues.quote(backend.label()) + " is read as its label, and its port is "
                            + backend.port() + "; a port follows a colon");
        } else if (looksLikeServer(backend)) {
            findings.warn(
                    Warning.Kind.DOUBTFUL_LABEL,
                    place.where(),
                    subject + ": " + LuaValues.quote(backend.label())
                            + " is read as its label, not as another server; its address is " + backend.address());
        }
    }

    private static boolean looksLikeServer(BackendSpec backend) {
        return SERVER.matcher(backend.label()).matches()
                && !backend.label().equals(backend.host() + ":" + backend.port())
                && !backend.label().equals(backend.host());
    }

    private Optional<Placed> readBackend(String subject, Object value, Place place) {
        return switch (value) {
            case LuaString text -> readText(subject, text, place);
            case LuaTable table -> readTable(new Section(table, subject, "option", place, findings));
            default -> {
                findings.error(
                        place.where(),
                        subject + ": expected \"host[:port] [label] [_down_]\" or a table with host, got "
                                + LuaValues.describe(value));
                yield Optional.empty();
            }
        };
    }

    private Optional<Placed> readText(String subject, LuaString text, Place place) {
        try {
            BackendAddress address = BackendAddress.parse(
                    LuaValues.utf8(text).orElseThrow(() -> new IllegalArgumentException("is not UTF-8 text")));
            BackendSpec.Builder builder = BackendSpec.builder(address.host(), address.port());
            defaults.applyTo(builder);
            if (address.down()) {
                builder.down(true);
            }
            checkLengths(address.host(), address.label());
            return Optional.of(Placed.of(builder.label(address.label()).build()));
        } catch (IllegalArgumentException e) {
            findings.error(place.where(), subject + ": " + LuaValues.describe(text) + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private static void checkLengths(String host, @Nullable String label) {
        if (host.getBytes(UTF_8).length > BackendAddress.MAX_HOST_BYTES) {
            throw new IllegalArgumentException("the host is longer than " + BackendAddress.MAX_HOST_BYTES + " bytes");
        }
        if (label != null && label.getBytes(UTF_8).length > BackendAddress.MAX_LABEL_BYTES) {
            throw new IllegalArgumentException("the label is longer than " + BackendAddress.MAX_LABEL_BYTES + " bytes");
        }
    }

    private Optional<Placed> readTable(Section section) {
        section.allowOnly(BACKEND_KEYS);
        BackendOptions own = BackendOptions.read(section);
        Optional<Integer> port = section.integer("port", 1, BackendAddress.MAX_PORT);
        Optional<String> label = section.text("label");
        if (!section.has("host")) {
            section.fail("host is missing");
            return Optional.empty();
        }
        Optional<String> host = section.text("host").flatMap(text -> readHost(section, text));
        if (host.isEmpty()) {
            return Optional.empty();
        }
        try {
            checkLengths(host.get(), label.orElse(null));
        } catch (IllegalArgumentException e) {
            section.fail(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
        BackendSpec.Builder builder = BackendSpec.builder(host.get(), port.orElse(BackendSpec.DEFAULT_PORT));
        defaults.applyTo(builder);
        own.applyTo(builder);
        label.ifPresent(builder::label);
        try {
            BackendSpec backend = builder.build();
            return ServerOptions.read(section, selection, backend.host(), backend.port())
                    .map(server -> new Placed(backend, server));
        } catch (IllegalArgumentException e) {
            section.fail(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** A host by itself: an IPv6 address may stand in brackets, a port has a key of its own. */
    private Optional<String> readHost(Section section, String text) {
        Optional<String> host = BackendAddress.host(text);
        if (host.isEmpty()) {
            section.fail(
                    "host",
                    "expected a host name or address, got " + LuaValues.quote(text)
                            + (text.contains(":") ? "; the port is given as port = ..." : ""));
        }
        return host;
    }
}
