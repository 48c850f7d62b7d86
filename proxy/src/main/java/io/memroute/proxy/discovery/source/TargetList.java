package io.memroute.proxy.discovery.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.discovery.FoundServer;
import io.memroute.proxy.discovery.SourceException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads lists of servers: Prometheus' format, {@code [{"targets": ["host:port", ...], "labels": {...}}]} in JSON or
 * YAML, which has JSON in it; or a server a line. Error texts do not quote what they are about, but for servers.
 */
final class TargetList {

    /** The largest list that is read: ten thousand servers with all the labels of a cloud. */
    static final int MAX_BYTES = 4 << 20;

    /** A list is two levels of nothing but texts; what is deeper was made to be. */
    private static final LoadSettings YAML = LoadSettings.builder()
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(0)
            .setCodePointLimit(MAX_BYTES)
            .build();

    private static final int DEFAULT_PORT = 11211;

    private TargetList() {}

    /** @throws SourceException if the text is no list of targets */
    static List<FoundServer> ofTargets(byte[] text) throws SourceException {
        Object document;
        try {
            document = new Load(YAML).loadFromString(decode(text));
        } catch (YamlEngineException | StackOverflowError e) {
            throw new SourceException("neither JSON nor YAML" + place(e), e);
        }
        List<FoundServer> servers = new ArrayList<>();
        if (!(document instanceof List<?> groups)) {
            throw new SourceException("expected a list of { \"targets\": [ ... ] }");
        }
        for (Object group : groups) {
            if (!(group instanceof Map<?, ?> fields && fields.get("targets") instanceof List<?> targets)) {
                throw new SourceException("expected a list of { \"targets\": [ ... ] }");
            }
            for (Object target : targets) {
                if (!(target instanceof String server)) {
                    throw new SourceException("a target is not a string: expected \"host:port\"");
                }
                servers.add(parse(server));
            }
        }
        return servers;
    }

    /**
     * Reads a server a line; empty lines and what follows a {@code #} are left out.
     *
     * @throws SourceException if a line is no server
     */
    static List<FoundServer> ofLines(byte[] text) throws SourceException {
        List<FoundServer> servers = new ArrayList<>();
        for (String line : decode(text).lines().toList()) {
            String server = line.replaceFirst("#.*", "").strip();
            if (!server.isEmpty()) {
                servers.add(parse(server));
            }
        }
        return servers;
    }

    private static FoundServer parse(String server) throws SourceException {
        try {
            return FoundServer.parse(server, DEFAULT_PORT);
        } catch (IllegalArgumentException e) {
            throw new SourceException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String decode(byte[] text) throws SourceException {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
        } catch (CharacterCodingException e) {
            throw new SourceException("not UTF-8 text", e);
        }
    }

    private static String place(Throwable error) {
        return error instanceof MarkedYamlEngineException marked
                ? marked.getProblemMark()
                        .map(mark -> ", line " + (mark.getLine() + 1))
                        .orElse("")
                : "";
    }
}
