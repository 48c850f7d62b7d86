package io.memroute.proxy.handler;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * All arguments of a handler, in the order of the documentation, but {@code name}, which every handler has.
 *
 * @param waits whether {@code wait} limits the time of the whole route
 * @param mayFail whether it waits for somebody who may fail, so that it has {@code miss_on_error}
 */
public record Arguments(List<Argument<?>> declared, boolean waits, boolean mayFail) {

    public Arguments {
        declared = List.copyOf(declared);
    }

    /**
     * The arguments of a handler that sends: unless it has a use of its own for {@code wait}, the whole route may wait.
     */
    public static Arguments of(Argument<?>... declared) {
        List<Argument<?>> all = List.of(declared);
        return new Arguments(all, all.stream().noneMatch(one -> one.names().contains(CommonArguments.WAIT)), true);
    }

    /** The arguments of a handler that waits for nobody. */
    public static Arguments ofUnwaiting(Argument<?>... declared) {
        return new Arguments(List.of(declared), false, false);
    }

    /** Every name that may be given. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        declared.forEach(argument -> names.addAll(argument.names()));
        names.add(CommonArguments.NAME);
        if (waits) {
            names.add(CommonArguments.WAIT);
        }
        if (mayFail) {
            names.add(CommonArguments.MISS_ON_ERROR);
        }
        return names;
    }
}
