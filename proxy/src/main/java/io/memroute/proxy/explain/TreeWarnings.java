package io.memroute.proxy.explain;

import io.memroute.protocol.Command;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.Warnings;
import io.memroute.proxy.config.source.NearestName;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Doubts about route trees: requests that no entry takes, trees that no listener has, listeners without a tree. */
final class TreeWarnings {

    private final ProxyConfig config;
    private final Set<String> tags = new LinkedHashSet<>();
    private final Warnings to;

    private TreeWarnings(ProxyConfig config, Warnings to) {
        this.config = config;
        this.to = to;
        config.trees().forEach(tree -> tags.add(tree.tag()));
    }

    /** @param listeners the tags of all listeners, {@code ""} for those without one; empty if they are not known */
    static void find(ProxyConfig config, Optional<Set<String>> listeners, Warnings to) {
        TreeWarnings trees = new TreeWarnings(config, to);
        config.trees().stream()
                .filter(TreeWarnings::leavesCommandsOut)
                .forEach(tree -> to.add(
                        Warning.Kind.NO_DEFAULT,
                        tree.where(),
                        "routes" + tagOf(tree)
                                + ": no default, so requests that neither map nor cmap takes are answered with"
                                + " SERVER_ERROR lua start failure"));
        config.trees().forEach(trees::overridden);
        listeners.ifPresentOrElse(trees::compare, trees::untagged);
    }

    private static boolean leavesCommandsOut(RouteTree tree) {
        return tree.defaultRoute().isEmpty()
                && Arrays.stream(Command.values())
                        .filter(command -> command.isStorage() && command != Command.MN && command != Command.ME)
                        .anyMatch(command -> !tree.cmap().containsKey(command));
    }

    /**
     * A command's route in {@code cmap} does not get the keys of prefixes that have a route of their own for the
     * command. That is how it is meant for a tree whose prefixes have pools of their own; it is not if the route sends
     * to such a pool.
     */
    private void overridden(RouteTree tree) {
        if (tree.map().isEmpty() || tree.defaultRoute().isEmpty()) {
            return;
        }
        Set<String> ofPrefixes = new LinkedHashSet<>();
        tree.map().values().forEach(commands -> {
            commands.routes().values().forEach(route -> ofPrefixes.addAll(Reach.possible(route)));
            commands.all().ifPresent(route -> ofPrefixes.addAll(Reach.possible(route)));
        });
        ofPrefixes.removeAll(Reach.possible(tree.defaultRoute().get()));
        tree.cmap().forEach((command, route) -> {
            Optional<String> pool =
                    Reach.possible(route).stream().filter(ofPrefixes::contains).findFirst();
            if (pool.isPresent()
                    && tree.map().values().stream()
                            .allMatch(entry -> entry.route(command).isPresent())) {
                to.add(
                        Warning.Kind.OVERRIDDEN,
                        route.where(),
                        "routes" + tagOf(tree) + ": cmap: " + command.word()
                                + ": sends to \"" + pool.get()
                                + "\" only keys without a prefix of map: each prefix there has its own route for "
                                + command.word() + "; put this one into a cmdmap{} of the prefix");
            }
        });
    }

    private void untagged() {
        if (!tags.contains("")) {
            to.add(
                    Warning.Kind.NO_UNTAGGED_ROUTES,
                    config.trees().getFirst().where(),
                    "every routes{} has a tag, so listeners without one of them are answered from"
                            + " the proxy's own memory");
        }
    }

    private void compare(Set<String> listeners) {
        for (RouteTree tree : config.trees()) {
            if (!tree.tag().isEmpty() && !listeners.contains(tree.tag())) {
                to.add(
                        Warning.Kind.UNKNOWN_TAG,
                        tree.where(),
                        "routes" + tagOf(tree) + ": no listener has this tag" + NearestName.hint(tree.tag(), listeners)
                                + ", so no request gets here");
            } else if (tree.tag().isEmpty() && tags.containsAll(listeners) && !listeners.contains("")) {
                to.add(
                        Warning.Kind.UNKNOWN_TAG,
                        tree.where(),
                        "routes: every listener has a tag with routes of its own, so no request gets here");
            }
        }
        SourceLocation file =
                new SourceLocation(config.trees().getFirst().where().file(), 0);
        String instead =
                tags.contains("") ? "takes the routes without a tag" : "is answered from the proxy's own memory";
        for (String listener : listeners) {
            if (!listener.isEmpty() && !tags.contains(listener)) {
                to.add(
                        Warning.Kind.UNKNOWN_TAG,
                        file,
                        "no routes{} has the tag \"" + listener + "\" of a listener" + NearestName.hint(listener, tags)
                                + ": it " + instead);
            } else if (listener.isEmpty() && !tags.contains("")) {
                to.add(
                        Warning.Kind.NO_UNTAGGED_ROUTES,
                        file,
                        "every routes{} has a tag, so the listener without one is answered from the"
                                + " proxy's own memory");
            }
        }
    }

    private static String tagOf(RouteTree tree) {
        return tree.tag().isEmpty() ? "" : " with tag \"" + tree.tag() + "\"";
    }
}
