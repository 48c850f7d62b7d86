package io.memroute.proxy.handler.builtin;

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
import io.memroute.proxy.route.builtin.PrefixRoute;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code route_prefix}: the child sees other keys: without one prefix, if they have it, and with another. */
public final class PrefixHandler implements Handler {

    private static final String NAME = "prefix";

    /** Prefixes leave room for a key. */
    private static final int MAX_PREFIX_BYTES = 200;

    private static final Argument<Optional<ChildSpec>> CHILD = Argument.child("child", "");

    private static final Argument<String> STRIP = keyPart("strip", "removed from the front of keys that begin with it");

    private static final Argument<String> ADD = keyPart("add", "put in front");

    private static final Argument<Boolean> ENSURE =
            Argument.flag("ensure", false, "do not put `add` in front of keys that begin with it already");

    private static final Argument<String> SUFFIX = keyPart("suffix", "put at the end");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Arguments arguments() {
        return Arguments.of(CHILD, STRIP, ADD, ENSURE, SUFFIX);
    }

    @Override
    public Optional<Spec> read(Reading reading) {
        Section arguments = reading.arguments();
        String strip = STRIP.in(reading);
        String add = ADD.in(reading);
        boolean strips = arguments.has(STRIP.name());
        boolean adds = arguments.has(ADD.name());
        boolean ensure = ENSURE.in(reading);
        String suffix = SUFFIX.in(reading);
        if (ensure && add.isEmpty()) {
            arguments.fail(ENSURE.name(), "has no effect without add");
        }
        if (strip.isEmpty() && add.isEmpty() && suffix.isEmpty() && (strips || adds)) {
            arguments.warn(
                    Warning.Kind.NO_EFFECT, strips ? STRIP.name() : ADD.name(), "keys stay as they are: it is empty");
        }
        if (!strips && !adds && suffix.isEmpty()) {
            arguments.fail(
                    "needs strip, add, suffix, or several: the text to remove from keys, and those to put in front and"
                            + " behind");
        }
        return CHILD.in(reading)
                .map(child -> new Spec(child, new PrefixRoute.Change(strip, add, ensure, suffix), reading.where()));
    }

    private static Argument<String> keyPart(String name, String meaning) {
        return Argument.of(name, "text", "none", meaning, reading -> {
            String text = reading.arguments().text(name).orElse("");
            boolean fits = text.getBytes(StandardCharsets.UTF_8).length <= MAX_PREFIX_BYTES;
            if (!fits || text.chars().anyMatch(character -> character <= ' ' || character == 0x7f)) {
                reading.arguments()
                        .fail(
                                name,
                                "expected up to " + MAX_PREFIX_BYTES
                                        + " bytes without spaces and control characters, got " + LuaValues.quote(text));
            }
            return text;
        });
    }

    public record Spec(ChildSpec child, PrefixRoute.Change change, SourceLocation where) implements HandlerSpec {

        @Override
        public String handler() {
            return NAME;
        }

        @Override
        public List<ZonedChild> children() {
            return List.of(new ZonedChild(CHILD.name(), child));
        }

        @Override
        public void show(Shown to) {
            to.put(STRIP, change.strip())
                    .put(ADD, change.add())
                    .put(ENSURE, change.ensure() ? Optional.of(true) : Optional.empty())
                    .put(SUFFIX, change.suffix().isEmpty() ? Optional.empty() : Optional.of(change.suffix()));
        }

        @Override
        public String words(Request request) {
            List<String> words = new ArrayList<>();
            String strip = change.strip();
            String add = change.add();
            boolean unlessThere = strip.equals(add) || change.ensure();
            if (!strip.isEmpty() && !strip.equals(add)) {
                words.add("takes \"" + strip + "\" off the key");
            }
            if (!add.isEmpty()) {
                words.add("puts \"" + add + "\" in front of " + (words.isEmpty() ? "the key" : "it")
                        + (unlessThere ? " unless it is there" : ""));
            }
            if (!change.suffix().isEmpty()) {
                words.add("puts \"" + change.suffix() + "\" behind " + (words.isEmpty() ? "the key" : "it"));
            }
            return String.join(", ", words);
        }

        @Override
        public Spread spread() {
            return Spread.FIRST;
        }

        @Override
        public Changes changes() {
            return new PrefixChanges(change);
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
            String strip = change.strip();
            if (!beginning.startsWith(strip) && !strip.startsWith(beginning)) {
                review.warn(
                        Warning.Kind.NO_EFFECT,
                        "strip = \"" + strip + "\" removes nothing: keys that get here begin with \"" + beginning
                                + "\"");
            }
        }

        @Override
        public Route compile(Parts parts) {
            return new PrefixRoute(change, parts.child(child), parts.requests());
        }
    }
}
