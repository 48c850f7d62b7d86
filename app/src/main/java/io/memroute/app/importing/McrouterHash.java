package io.memroute.app.importing;

import io.memroute.app.importing.Node.Fields;
import io.memroute.app.importing.Node.Items;
import io.memroute.app.importing.Node.Scalar;
import io.memroute.proxy.config.source.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A way of mcrouter to pick one of several by a key.
 *
 * @param function as it stands in the file
 * @param weights empty if all are alike; one that is missing is 0.5
 * @param tags what is hashed for each; empty if their order counts
 */
record McrouterHash(String function, Optional<String> salt, List<Double> weights, List<String> tags) {

    /** The weight of those that the list of weights is too short for. */
    static final double MISSING_WEIGHT = 0.5;

    private static final Map<String, String> SCHEMES = Map.of(
            "Ch3", "mcrouter-ch3",
            "Crc32", "mcrouter-crc32",
            "WeightedCh3", "mcrouter-weighted-ch3",
            "WeightedCh3Rv", "mcrouter-weighted-ch3",
            "Rendezvous", "mcrouter-rendezvous",
            "WeightedRendezvous", "mcrouter-weighted-rendezvous",
            "ConstShard", "mcrouter-const-shard",
            "Latest", "mcrouter-ch3",
            "LoadBalancer", "mcrouter-ch3");

    /**
     * Reads the way of a route over a pool or over other children.
     *
     * @param defaults the keys that hold unless {@code hash} has them: of the pool
     * @param hash empty, the name of a function, or an object
     * @throws ImportException if mcrouter has no such hash
     */
    static McrouterHash of(Fields defaults, Optional<Node> hash, int line) {
        Fields given = hash.filter(node -> !(node instanceof Scalar))
                .map(node -> {
                    if (node instanceof Fields fields) {
                        return fields;
                    }
                    throw new ImportException(node.line(), "hash: expected a name or an object, got " + node.kind());
                })
                .orElse(new Fields(Map.of(), line));
        boolean weighted = defaults.get("weights").isPresent();
        String function =
                hash.flatMap(Node::asText).or(() -> given.text("hash_func")).orElse(weighted ? "WeightedCh3" : "Ch3");
        int itsLine = hash.map(Node::line).orElse(line);
        if (!SCHEMES.containsKey(function)) {
            throw new ImportException(
                    itsLine,
                    "mcrouter has no hash \"" + function + "\"" + NearestName.hint(function, SCHEMES.keySet()));
        }
        List<Double> weights = new ArrayList<>();
        if (function.startsWith("Weighted")) {
            given.get("weights")
                    .or(() -> defaults.get("weights"))
                    .ifPresent(list ->
                            list("weights", list).forEach(weight -> weights.add(ofScheme(function, number(weight)))));
            if (weights.isEmpty()) {
                throw new ImportException(itsLine, function + " needs \"weights\"");
            }
        }
        List<String> tags = new ArrayList<>();
        if (function.endsWith("Rendezvous")) {
            given.get("tags")
                    .or(() -> defaults.get("tags"))
                    .ifPresent(list -> list("tags", list)
                            .forEach(tag -> tags.add(tag.asText()
                                    .orElseThrow(() -> new ImportException(
                                            tag.line(), "tags: expected strings, got " + tag.kind())))));
            if (tags.isEmpty()) {
                throw new ImportException(itsLine, function + " needs \"tags\"");
            }
        }
        return new McrouterHash(function, given.text("salt"), List.copyOf(weights), List.copyOf(tags));
    }

    private static List<Node> list(String key, Node node) {
        if (node instanceof Items items) {
            return items.items();
        }
        throw new ImportException(node.line(), key + ": expected a list, got " + node.kind());
    }

    /** Cuts a weight for {@code WeightedCh3}, to which more than 1 is as good as 1: no key is passed on. */
    private static double ofScheme(String function, double weight) {
        return function.startsWith("WeightedCh3") ? Math.min(1, weight) : weight;
    }

    private static double number(Node node) {
        try {
            double number = Double.parseDouble(node.asText().orElse(""));
            if (number >= 0 && number < Double.POSITIVE_INFINITY) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, for all that is no such number.
        }
        throw new ImportException(node.line(), "weights: expected a number, 0 or more, got " + node.kind());
    }

    /** The pool options that say the same. */
    Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("placement", scheme());
        salt.filter(text -> !text.isEmpty()).ifPresent(text -> options.put("seed", text));
        options.put("filter", "stop");
        options.put("filter_conf", "|#|");
        return options;
    }

    private String scheme() {
        return Objects.requireNonNull(SCHEMES.get(function));
    }

    double weight(int place) {
        return weights.isEmpty() ? 1 : place < weights.size() ? weights.get(place) : MISSING_WEIGHT;
    }

    Optional<String> tag(int place) {
        return place < tags.size() ? Optional.of(tags.get(place)) : Optional.empty();
    }

    boolean isWeighted() {
        return !weights.isEmpty();
    }

    void report(Report report, int line) {
        String setting = "hash " + function;
        switch (function) {
            case "Latest" ->
                report.missing(
                        line,
                        setting,
                        "each key has its server, by Ch3; for one server of all that fits the host write route_latest");
            case "LoadBalancer" -> report.missing(line, setting, "each key has its server, by Ch3");
            case "WeightedCh3Rv" ->
                report.nearly(line, setting, "the weights are those of the file; they do not change while it runs");
            default -> report.exact(line, setting, "placement = \"" + scheme() + "\"");
        }
    }
}
