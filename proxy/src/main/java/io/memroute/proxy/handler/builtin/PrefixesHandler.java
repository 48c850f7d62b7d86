package io.memroute.proxy.handler.builtin;

import io.memroute.lua.LuaTable;
import io.memroute.protocol.Request;
import io.memroute.proxy.config.ChildSpec;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.ZonedChild;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.handler.Argument;
import io.memroute.proxy.handler.Arguments;
import io.memroute.proxy.handler.Changes;
import io.memroute.proxy.handler.Handler;
import io.memroute.proxy.handler.HandlerSpec;
import io.memroute.proxy.handler.Parts;
import io.memroute.proxy.handler.Reading;
import io.memroute.proxy.handler.Review;
import io.memroute.proxy.handler.Shown;
import io.memroute.proxy.handler.Spread;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.builtin.PrefixesRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code route_prefixes}: one child by what a key begins with.
 *
 * @see "mcrouter wiki, List of Route Handles, PrefixSelectorRoute"
 */
public final class PrefixesHandler implements Handler {

    private static final String NAME = "prefixes";

    private static final Argument<Optional<List<ZonedChild>>> CHILDREN =
            Argument.children("by prefix; the longest that fits decides");

    private static final Argument<Optional<ChildSpec>> DEFAULT = Argument.child("default", "for all other keys");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(CHILDREN, DEFAULT);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        Optional<List<ZonedChild>> prefixes =
                CHILDREN.in(reading).filter(children -> arePrefixes(reading.arguments(), children));
        Optional<ChildSpec> others = DEFAULT.in(reading);
        if (prefixes.isEmpty() || others.isEmpty()) {
            return Optional.empty();
        }
        List<ZonedChild> children = new ArrayList<>(prefixes.get());
        children.add(new ZonedChild(DEFAULT.name(), others.get()));
        return Optional.of(new Spec(children, reading.where()));
    }

    private static boolean arePrefixes(Section arguments, List<ZonedChild> children) {
        if (arguments.value(CHILDREN.name()) instanceof LuaTable table && table.get(1L) != null) {
            arguments.fail(CHILDREN.name(), "expected a table with children by prefix, got a list");
            return false;
        }
        for (ZonedChild child : children) {
            String prefix = child.zone();
            if (prefix.isEmpty() || prefix.chars().anyMatch(character -> character <= ' ' || character == 0x7f)) {
                arguments.fail(CHILDREN.name(), "no key begins with " + LuaValues.quote(prefix) + ", or all keys do");
                return false;
            }
        }
        return true;
    }

    /** @param children under their prefixes; the last is for all other keys */
    public record Spec(List<ZonedChild> children, SourceLocation where) implements HandlerSpec {

        public Spec {
            children = List.copyOf(children);
        }

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public void show(Shown to) {
            // Its children are all it has.
        }

        @Override
        public String words(Request request) {
            int child = choice().select(request);
            return child == children.size() - 1
                    ? "by the beginning of the key: none of its prefixes"
                    : "by the beginning of the key: " + children.get(child).zone();
        }

        @Override
        public Spread spread() {
            return Spread.byKey(choice()::select);
        }

        @Override
        public Changes changes() {
            return Changes.NONE;
        }

        @Override
        public boolean chance() {
            return false;
        }

        @Override
        public boolean inSteps() {
            return false;
        }

        @Override
        public List<ZonedChild> gutters() {
            return List.of();
        }

        @Override
        public void review(Review review) {
            String beginning = review.beginning();
            for (ZonedChild child : children.subList(0, children.size() - 1)) {
                String prefix = child.zone();
                if (!beginning.startsWith(prefix) && !prefix.startsWith(beginning)) {
                    review.warn(
                            Warning.Kind.NO_EFFECT,
                            "no key has the prefix \"" + prefix + "\": keys that get here begin with \"" + beginning
                                    + "\"");
                }
            }
        }

        @Override
        public Route compile(Parts parts) {
            return new PrefixesRoute(parts.children(children), choice());
        }

        private PrefixesRoute.Choice choice() {
            return new PrefixesRoute.Choice(children.subList(0, children.size() - 1).stream()
                    .map(ZonedChild::zone)
                    .toList());
        }
    }
}
