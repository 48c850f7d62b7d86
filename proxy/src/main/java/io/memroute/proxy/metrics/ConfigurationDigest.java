package io.memroute.proxy.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.explain.Outline;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A digest of everything that {@code show} shows of a configuration: equal for proxies that do the same with every
 * request. Comments, the order of definitions in Lua and the places of files make no difference; the code of Lua
 * functions is not part of it. Worked out once for each configuration. Thread safe.
 */
public final class ConfigurationDigest {

    /** The length of the digest; 64 bits tell the configurations of one fleet apart. */
    private static final int BYTES = 8;

    private final MessageDigest digest;
    /** The last configuration asked for, and its digest. */
    private @Nullable ProxyConfig known;

    private String text = "";

    public ConfigurationDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Returns the digest in hexadecimal digits. */
    public synchronized String of(ProxyConfig config) {
        if (config != known) {
            add(Outline.of(config));
            text = HexFormat.of().formatHex(digest.digest(), 0, BYTES);
            known = config;
        }
        return text;
    }

    private void add(@Nullable Object value) {
        switch (value) {
            case null -> text("-");
            case SourceLocation where -> text("");
            case Optional<?> optional -> add(optional.orElse(null));
            case Map<?, ?> map -> {
                text("{" + map.size());
                map.forEach((key, of) -> {
                    add(key);
                    add(of);
                });
            }
            case Collection<?> list -> {
                text("[" + list.size());
                list.forEach(this::add);
            }
            case Record record -> {
                text(record.getClass().getSimpleName());
                for (RecordComponent component : record.getClass().getRecordComponents()) {
                    add(valueOf(component, record));
                }
            }
            default -> text(value.toString());
        }
    }

    /** Ends with a byte that no text has, so that what follows is not taken for a part of it. */
    private void text(String text) {
        digest.update(text.getBytes(UTF_8));
        digest.update((byte) 0xff);
    }

    private static Object valueOf(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException("cannot read " + component, e);
        }
    }
}
