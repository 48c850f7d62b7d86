package io.memroute.proxy.config.reader;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.protocol.Command;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.PoolSpec;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.RouteTest;
import io.memroute.proxy.config.RouteTest.Given;
import io.memroute.proxy.config.library.Recording;
import io.memroute.proxy.config.source.Findings;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.config.source.Section;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code test{}} blocks. Their names are checked against the configuration they are in. */
final class TestsReader {

    static final Set<String> KEYS = Set.of(
            "name", "tag", "down", "given", "when", "expect_backend", "expect_pool", "expect_reply", "expect_request");

    private final Findings findings;
    private final Set<String> backends = new LinkedHashSet<>();
    private final Set<String> pools = new LinkedHashSet<>();
    private final Set<String> tags = new LinkedHashSet<>();

    /** @param config the configuration that the tests are about */
    TestsReader(ProxyConfig config, Findings findings) {
        this.findings = findings;
        for (BackendSpec backend : config.backends()) {
            backends.add(backend.address());
            backends.add(backend.label());
        }
        config.allPools().map(PoolSpec::name).forEach(pools::add);
        config.trees().forEach(tree -> tags.add(tree.tag()));
    }

    /** The tests; those with errors, which have been noted, are left out. */
    List<RouteTest> read(List<Recording.Statement> calls) {
        List<RouteTest> tests = new ArrayList<>();
        calls.forEach(call -> read(call).ifPresent(tests::add));
        return tests;
    }

    private Optional<RouteTest> read(Recording.Statement call) {
        Section section = new Section(call.argument(), "test", "key", call.place(), findings);
        section.allowOnly(KEYS);
        Optional<String> when = when(section);
        String tag = section.text("tag").orElse("");
        if (!tag.isEmpty() && !tags.contains(tag)) {
            section.fail("tag", "no routes{} has the tag " + LuaValues.quote(tag) + NearestName.hint(tag, tags));
        }
        Map<String, Given> given = given(section);
        Optional<List<String>> expectBackends = names(section, "expect_backend", backends, "backend");
        Optional<List<String>> expectPools = names(section, "expect_pool", pools, "pool");
        Optional<String> reply = section.text("expect_reply").map(TestsReader::withoutLineEnd);
        Optional<String> request = section.text("expect_request").map(TestsReader::withoutLineEnd);
        if (!section.has("expect_backend")
                && !section.has("expect_pool")
                && !section.has("expect_reply")
                && !section.has("expect_request")) {
            section.fail("expects nothing: give expect_backend, expect_pool, expect_reply or expect_request");
        }
        Optional<String> name = section.text("name");
        return when.map(line -> new RouteTest(
                name.orElse(line),
                tag,
                given,
                line,
                expectBackends,
                expectPools,
                reply,
                request,
                call.place().where()));
    }

    private static Optional<String> when(Section section) {
        if (!section.has("when")) {
            section.fail("needs when: a command such as \"get user:42\"");
            return Optional.empty();
        }
        Optional<String> when = section.text("when").map(TestsReader::withoutLineEnd);
        if (when.isEmpty()) {
            return Optional.empty();
        }
        byte[] line = (when.get() + "\r\n").getBytes(UTF_8);
        Request request = new Request();
        if (when.get().contains("\n")
                || new RequestParser().parse(Unpooled.wrappedBuffer(line), 0, line.length, request)
                        != RequestParser.COMPLETE) {
            section.fail(
                    "when",
                    "expected a command line such as \"get user:42\", got " + LuaValues.quote(when.get())
                            + (request.error() == null
                                    ? ""
                                    : " (memcached would answer "
                                            + request.error().text() + ")"));
            return Optional.empty();
        }
        if (!request.command().isStorage() || request.command() == Command.MN) {
            section.fail(
                    "when",
                    "expected a command with a key, because only those are routed; got "
                            + request.command().word());
            return Optional.empty();
        }
        return when;
    }

    private Map<String, Given> given(Section section) {
        Map<String, Given> given = new LinkedHashMap<>();
        Set<String> known = new LinkedHashSet<>(backends);
        known.addAll(pools);
        names(section, "down", known, "backend or pool")
                .ifPresent(down -> down.forEach(name -> given.put(name, new Given.Down())));
        section.section("given", "backend or pool").ifPresent(by -> {
            by.allowOnly(known);
            for (LuaValues.Entry entry : by.entries()) {
                if (entry.key() instanceof LuaString name && known.contains(name.toString())) {
                    by.text(name.toString())
                            .flatMap(text -> given(by, name.toString(), text))
                            .ifPresent(does -> given.put(name.toString(), does));
                }
            }
        });
        return given;
    }

    private static Optional<Given> given(Section section, String name, String text) {
        return switch (text) {
            case "hit" -> Optional.of(new Given.Server(true));
            case "miss" -> Optional.of(new Given.Server(false));
            case "down" -> Optional.of(new Given.Down());
            case "silent" -> Optional.of(new Given.Silent());
            default -> {
                String reply = withoutLineEnd(text) + "\r\n";
                if (isReply(reply)) {
                    yield Optional.of(new Given.Says(reply));
                }
                section.fail(
                        name,
                        "expected \"hit\", \"miss\", \"down\", \"silent\" or a reply of memcached such as"
                                + " \"SERVER_ERROR out of memory\", got " + LuaValues.quote(text));
                yield Optional.empty();
            }
        };
    }

    /** Whether a text is a reply with its whole value. */
    private static boolean isReply(String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, ISO_8859_1);
        Reply reply = new Reply();
        boolean line = ReplyParser.parse(bytes, 0, bytes.writerIndex(), reply) == ReplyParser.COMPLETE;
        return line
                && reply.type() != ReplyType.UNKNOWN
                && reply.type() != ReplyType.UNKNOWN_META
                && reply.end() + reply.valueBytes() <= bytes.writerIndex();
    }

    /** One name or a list of them; empty if there is none, or one is wrong, which is noted. */
    private Optional<List<String>> names(Section section, String key, Set<String> known, String noun) {
        List<Object> values = switch (section.value(key)) {
            case null -> null;
            case LuaTable list ->
                LuaValues.inOrder(list).stream().map(LuaValues.Entry::value).toList();
            case Object one -> List.of(one);
        };
        if (values == null) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        for (Object value : values) {
            if (!(value instanceof LuaString name)) {
                section.expected(key, "the name of a " + noun + " or a list of them", value);
                return Optional.empty();
            }
            if (!known.contains(name.toString())) {
                section.fail(
                        key,
                        "no " + noun + " " + LuaValues.quote(name.toString())
                                + NearestName.hint(name.toString(), known));
                return Optional.empty();
            }
            names.add(name.toString());
        }
        return Optional.of(names);
    }

    private static String withoutLineEnd(String text) {
        return text.replaceFirst("\r?\n$", "");
    }
}
