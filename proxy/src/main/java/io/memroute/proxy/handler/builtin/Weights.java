package io.memroute.proxy.handler.builtin;

import io.memroute.lua.LuaNumber;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.handler.Argument;
import io.memroute.proxy.handler.Reading;
import io.memroute.proxy.handler.Review;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The argument {@code weights}: a number for each child, under the child's key. */
final class Weights {

    private static final String NAME = "weights";

    private Weights() {}

    static Argument<Optional<LuaTable>> argument(String fallback, String meaning) {
        return Argument.of(
                NAME,
                "table",
                fallback,
                meaning,
                reading -> reading.arguments().value(NAME) instanceof LuaTable table
                        ? Optional.of(table)
                        : Optional.empty());
    }

    /** The weights in the order of the children, not all 0; empty if something is wrong, which has been noted. */
    static Optional<List<Double>> read(
            Reading reading, Argument<Optional<LuaTable>> argument, List<ZonedChild> children) {
        Section arguments = reading.arguments();
        Optional<LuaTable> table = argument.in(reading);
        if (table.isEmpty()) {
            arguments.fail("needs weights: a table with a number for each child");
            return Optional.empty();
        }
        List<String> keys = children.stream().map(ZonedChild::zone).toList();
        List<Double> weights = new ArrayList<>(Collections.nCopies(keys.size(), -1.0));
        boolean valid = true;
        for (LuaValues.Entry entry : LuaValues.inOrder(table.get())) {
            String key = entry.plainKey().toString();
            int child = keys.indexOf(key);
            double weight =
                    LuaNumber.coerce(entry.value()) instanceof Number number ? number.doubleValue() : Double.NaN;
            if (child < 0) {
                arguments.fail(NAME, "there is no child " + LuaValues.quote(key) + NearestName.hint(key, keys));
                valid = false;
            } else if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
                arguments.fail(
                        NAME,
                        "expected a number, 0 or more, for child " + LuaValues.quote(key) + ", got "
                                + LuaValues.describe(entry.value()));
                valid = false;
            } else {
                weights.set(child, weight);
            }
        }
        int missing = weights.indexOf(-1.0);
        if (valid && missing >= 0) {
            arguments.fail(NAME, "has no weight for child " + LuaValues.quote(keys.get(missing)));
        } else if (valid && weights.stream().allMatch(weight -> weight == 0)) {
            arguments.fail(NAME, "are all 0: no child would get anything");
        } else if (valid) {
            return Optional.of(weights);
        }
        return Optional.empty();
    }

    /** The weights as an operator is shown them. */
    static Map<String, Double> byChild(List<ZonedChild> children, List<Double> weights) {
        Map<String, Double> byChild = new LinkedHashMap<>();
        for (int i = 0; i < weights.size(); i++) {
            byChild.put(children.get(i).zone(), weights.get(i));
        }
        return byChild;
    }

    /** Warns of the children with the weight 0, but for the first {@code asked} of them. */
    static void review(Review review, List<ZonedChild> children, List<Double> weights, int asked, String consequence) {
        int seen = 0;
        for (int i = 0; i < weights.size(); i++) {
            if (weights.get(i) == 0 && seen++ >= asked) {
                review.warn(
                        Warning.Kind.NEVER_ASKED,
                        "child " + children.get(i).zone() + " has the weight 0" + consequence);
            }
        }
    }
}
