package io.memroute.proxy.explain;

import io.memroute.protocol.Command;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteTree;
import io.memroute.proxy.config.SourceLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is suspicious about route trees: requests that none of their entries takes. */
final class TreeWarnings {

    private TreeWarnings() {}

    static List<Warning> of(ProxyConfig config) {
        List<Warning> warnings = new ArrayList<>();
        config.trees().stream().filter(TreeWarnings::leavesCommandsOut).forEach(tree -> warnings.add(new Warning(
                Warning.Kind.NO_DEFAULT, tree.where(), "routes" + tagOf(tree)
                        + ": no default, so what neither map nor cmap takes is answered with SERVER_ERROR lua start failure")));
        if (config.trees().stream().noneMatch(tree -> tree.tag().isEmpty())) {
            SourceLocation where = config.trees().getFirst().where();
            warnings.add(new Warning(Warning.Kind.NO_UNTAGGED_ROUTES, where,
                    "every routes{} has a tag, so listeners without one of them are answered from the proxy's own memory"));
        }
        return warnings;
    }

    private static boolean leavesCommandsOut(RouteTree tree) {
        return tree.defaultRoute().isEmpty() && Arrays.stream(Command.values())
                .filter(command -> command.isStorage() && command != Command.MN && command != Command.ME)
                .anyMatch(command -> !tree.cmap().containsKey(command));
    }

    private static String tagOf(RouteTree tree) {
        return tree.tag().isEmpty() ? "" : " with tag \"" + tree.tag() + "\"";
    }
}
