package io.memroute.proxy.explain;

import io.memroute.proxy.access.AccessRules;
import io.memroute.proxy.access.QuotaRule;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.config.placement.PoolOptionsLayer;
import io.memroute.proxy.config.placement.ShownSelection;
import io.memroute.proxy.config.reader.BackendOptions;
import io.memroute.proxy.config.reader.SettingsLayer;
import io.memroute.proxy.handler.RoutePlan;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.script.library.LuaRoutePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The changes that a reload from one configuration to another would make, with the movement of keys measured by hashing
 * a sample in both.
 */
public final class Plan {

    /** @param gets what the routes make of gets of the sample; in the order of the new configuration */
    public record Report(
            List<Change> settings,
            List<String> poolsAdded,
            List<String> poolsRemoved,
            List<PoolChange> poolsChanged,
            List<RuleChange> routes,
            Connections connections,
            int sampledKeys,
            boolean sampledFromFile,
            List<Moved> gets) {

        /** Whether a reload would change nothing. */
        public boolean isEmpty() {
            return settings.isEmpty()
                    && poolsAdded.isEmpty()
                    && poolsRemoved.isEmpty()
                    && poolsChanged.isEmpty()
                    && routes.isEmpty()
                    && connections.opened().isEmpty()
                    && connections.closed().isEmpty();
        }
    }

    /**
     * @param options the pool's own that differ
     * @param backendsAdded their addresses
     * @param backendsChanged what differs for backends in both, by address
     * @param reordered whether the backends in both stand in another order
     * @param keys how many keys were hashed
     * @param keysMoved how many of them have another backend
     */
    public record PoolChange(
            String name,
            List<Change> options,
            List<String> backendsAdded,
            List<String> backendsRemoved,
            Map<String, List<Change>> backendsChanged,
            boolean reordered,
            int keys,
            int keysMoved) {}

    /**
     * An entry of a route tree that is new, gone or different.
     *
     * @param tag of the tree, {@code ""} without one
     * @param before the route on one line; empty if the entry is new
     * @param after empty if the entry is gone
     * @param changes what differs, by argument: {@code 2.ttl} is the argument {@code ttl} of the child {@code 2}; empty
     *     if the entry is new or gone, or another route as a whole
     */
    public record RuleChange(
            String tag, String rule, Optional<String> before, Optional<String> after, List<Change> changes) {}

    /**
     * The keys of one entry.
     *
     * @param keys how many of the sample take the entry
     * @param keysMoved how many of them a get may look for where they have not been so far: misses, once each, of keys
     *     that are cached
     */
    public record Moved(String tag, String rule, int keys, int keysMoved) {}

    /** Backends by address and what else their connections depend on. Each worker has these. */
    public record Connections(List<String> kept, List<String> opened, List<String> closed) {}

    private final RoutePlan before;
    private final RoutePlan after;
    private final KeySample sample;

    private Plan(ProxyConfig before, ProxyConfig after, KeySample sample) {
        this.before = LuaRoutePlan.plan(before);
        this.after = LuaRoutePlan.plan(after);
        this.sample = sample;
    }

    public static Report compare(ProxyConfig before, ProxyConfig after, KeySample sample) {
        return new Plan(before, after, sample).report();
    }

    private Report report() {
        Map<String, PoolSpec> old = byName(before.config());
        Map<String, PoolSpec> now = byName(after.config());
        List<PoolChange> changed = now.values().stream()
                .flatMap(pool -> Optional.ofNullable(old.get(pool.name())).flatMap(was -> compare(was, pool)).stream())
                .toList();
        return new Report(
                Change.between(settings(before.config()), settings(after.config())),
                now.keySet().stream().filter(name -> !old.containsKey(name)).toList(),
                old.keySet().stream().filter(name -> !now.containsKey(name)).toList(),
                changed,
                RuleChanges.between(before.config(), after.config()),
                connections(),
                sample.size(),
                sample.isFromFile(),
                new KeyMovement(before, after, sample).byRule());
    }

    /** A rule about clients as a configuration has it. */
    private record RuleWords(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** The settings, the rules about clients, and which code the handlers in Lua run. */
    private static Map<String, Object> settings(ProxyConfig config) {
        Map<String, Object> settings = SettingsLayer.shown(config.settings());
        AccessRules access = config.settings().clientRules().access();
        for (int i = 0; i < access.rules().size(); i++) {
            settings.put(
                    "access rule " + (i + 1),
                    new RuleWords(Judgement.words(access.rules().get(i))));
        }
        if (access.mayRefuse()) {
            settings.put("access default", access.allowOther() ? "allow" : "deny");
        }
        List<QuotaRule> quotas = config.settings().clientRules().quotas();
        for (int i = 0; i < quotas.size(); i++) {
            Outline.QuotaEntry quota = Outline.quota(quotas.get(i));
            settings.put(
                    "quota " + (i + 1),
                    new RuleWords(String.join(", ", quota.who()) + ": " + Outline.shown(quota.limits())));
        }
        CRC32 sum = new CRC32();
        config.handlers()
                .ifPresent(program ->
                        program.files().forEach(file -> sum.update(file.text().bytes())));
        if (config.handlers().isPresent()) {
            settings.put("handlers in Lua", "CRC-32 %08x".formatted(sum.getValue()));
        }
        return settings;
    }

    private static Map<String, PoolSpec> byName(ProxyConfig config) {
        Map<String, PoolSpec> pools = new LinkedHashMap<>();
        config.allPools().forEach(pool -> pools.put(pool.name(), pool));
        return pools;
    }

    private Optional<PoolChange> compare(PoolSpec old, PoolSpec now) {
        Map<String, Member> oldBackends = byAddress(old);
        Map<String, Member> newBackends = byAddress(now);
        Map<String, List<Change>> changed = new LinkedHashMap<>();
        newBackends.forEach((address, backend) -> {
            Member was = oldBackends.get(address);
            if (was != null && !was.equals(backend)) {
                changed.put(address, backend.changesSince(was));
            }
        });
        List<String> kept =
                oldBackends.keySet().stream().filter(newBackends::containsKey).toList();
        List<String> keptNow =
                newBackends.keySet().stream().filter(oldBackends::containsKey).toList();
        List<Change> options =
                Change.between(PoolOptionsLayer.shown(old.options()), PoolOptionsLayer.shown(now.options()));
        boolean sameBackends = old.backends().stream()
                .map(BackendSpec::address)
                .toList()
                .equals(now.backends().stream().map(BackendSpec::address).toList());
        if (sameBackends && options.isEmpty() && changed.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new PoolChange(
                now.name(),
                options,
                newBackends.keySet().stream()
                        .filter(address -> !oldBackends.containsKey(address))
                        .toList(),
                oldBackends.keySet().stream()
                        .filter(address -> !newBackends.containsKey(address))
                        .toList(),
                changed,
                !kept.equals(keptNow),
                sample.size(),
                moved(old, now)));
    }

    /** A backend, and what it is in the distribution of the pool's keys. */
    private record Member(BackendSpec backend, ServerName server) {

        List<Change> changesSince(Member before) {
            List<Change> changes = new ArrayList<>();
            if (!before.backend.label().equals(backend.label())) {
                changes.add(new Change("label", Optional.of(before.backend.label()), Optional.of(backend.label())));
            }
            changes.addAll(Change.between(ShownSelection.of(before.server), ShownSelection.of(server)));
            changes.addAll(Change.between(BackendOptions.shown(before.backend), BackendOptions.shown(backend)));
            if (changes.isEmpty() && !before.backend.equals(backend)) {
                // A password or a certificate: what it was and is now is not shown.
                changes.add(new Change("secrets or certificates", Optional.of("old"), Optional.of("new")));
            }
            return changes;
        }
    }

    private static Map<String, Member> byAddress(PoolSpec pool) {
        Map<String, Member> members = new LinkedHashMap<>();
        for (int i = 0; i < pool.backends().size(); i++) {
            BackendSpec backend = pool.backends().get(i);
            members.put(backend.address(), new Member(backend, pool.servers().get(i)));
        }
        return members;
    }

    private int moved(PoolSpec old, PoolSpec now) {
        KeyDistributor oldKeys = before.distributor(old);
        KeyDistributor newKeys = after.distributor(now);
        String[] oldAddresses = addresses(old);
        String[] newAddresses = addresses(now);
        int[] moved = new int[1];
        sample.forEach("", request -> {
            String was = oldAddresses[oldKeys.select(request.buffer(), request.keyIndex(), request.keyLength())];
            String is = newAddresses[newKeys.select(request.buffer(), request.keyIndex(), request.keyLength())];
            if (!was.equals(is)) {
                moved[0]++;
            }
        });
        return moved[0];
    }

    private static String[] addresses(PoolSpec pool) {
        return pool.backends().stream().map(BackendSpec::address).toArray(String[]::new);
    }

    /** The identity under which two uses of a backend share connections: the rule of the backend registry. */
    private record Identity(String prefix, BackendSpec backend, boolean mergeGets) {

        static Set<Identity> of(ProxyConfig config) {
            Set<Identity> all = new LinkedHashSet<>();
            config.allPools()
                    .forEach(pool -> pool.backends()
                            .forEach(backend -> all.add(new Identity(
                                    pool.options().backendPrefix(),
                                    backend,
                                    config.settings().mergeGets()))));
            return all;
        }

        String shown() {
            return backend.address() + (prefix.isEmpty() ? "" : " (beprefix \"" + prefix + "\")");
        }
    }

    private Connections connections() {
        Set<Identity> old = Identity.of(before.config());
        Set<Identity> now = Identity.of(after.config());
        return new Connections(
                now.stream().filter(old::contains).map(Identity::shown).toList(),
                now.stream()
                        .filter(backend -> !old.contains(backend))
                        .map(Identity::shown)
                        .toList(),
                old.stream()
                        .filter(backend -> !now.contains(backend))
                        .map(Identity::shown)
                        .toList());
    }

    /** The trees of two configurations that are for the same listeners. */
    static Optional<RouteTree> ofTag(ProxyConfig config, String tag) {
        return config.trees().stream().filter(tree -> tree.tag().equals(tag)).findFirst();
    }
}
