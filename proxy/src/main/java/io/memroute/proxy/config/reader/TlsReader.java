package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaString;
import io.memroute.lua.LuaTable;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.TlsOptions;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.NearestName;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.tls.CertificateFiles;
import io.memroute.proxy.tls.ExpiryNotices;
import io.memroute.proxy.tls.OwnCertificate;
import io.memroute.proxy.tls.TlsFileException;
import io.memroute.proxy.trust.SecretFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads the backend option {@code tls}: a boolean, or a table. */
public final class TlsReader {

    static final Set<String> KEYS = Set.of("ca", "verify", "name", "cert", "key", "key_password_file");

    private TlsReader() {}

    static Optional<Consumer<BackendSpec.Builder>> read(Section section, String key) {
        if (!(section.value(key) instanceof LuaTable table)) {
            return section.flag(key).map(on -> builder -> builder.tls(on));
        }
        try {
            TlsOptions options = read(table);
            review(options, section, key);
            return Optional.of(builder -> builder.tls(options));
        } catch (IllegalArgumentException e) {
            section.fail(key, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** The option as an operator is shown it: a boolean, or a table if it says more. */
    static Object shown(TlsOptions tls) {
        if (!tls.enabled() || tls.equals(TlsOptions.OFF.enabled(true))) {
            return tls.enabled();
        }
        Map<String, Object> options = new LinkedHashMap<>();
        if (!tls.ca().isEmpty()) {
            options.put("ca", tls.ca());
        }
        options.put("verify", tls.verify());
        if (!tls.name().isEmpty()) {
            options.put("name", tls.name());
        }
        tls.own().ifPresent(own -> {
            options.put("cert", own.file());
            if (!own.keyFile().equals(own.file())) {
                options.put("key", own.keyFile());
            }
        });
        return options;
    }

    /**
     * Reads the table, and the file of certificates that it names.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    public static TlsOptions read(LuaTable table) {
        for (LuaValues.Entry entry : LuaValues.inOrder(table)) {
            String name = entry.key() instanceof LuaString key ? key.toString() : String.valueOf(entry.plainKey());
            if (!KEYS.contains(name)) {
                throw new IllegalArgumentException(
                        "unknown key " + LuaValues.quote(name) + NearestName.hint(name, KEYS));
            }
        }
        String ca = text(table, "ca");
        boolean verify = verify(table);
        if (!ca.isEmpty() && !verify) {
            throw new IllegalArgumentException("ca: has no effect with verify = false");
        }
        return new TlsOptions(
                true, verify, text(table, "name"), ca, ca.isEmpty() ? List.of() : certificates(ca), own(table));
    }

    private static Optional<OwnCertificate> own(LuaTable table) {
        String cert = text(table, "cert");
        String key = text(table, "key");
        String password = text(table, "key_password_file");
        if (cert.isEmpty()) {
            if (!key.isEmpty() || !password.isEmpty()) {
                throw new IllegalArgumentException(
                        (key.isEmpty() ? "key_password_file" : "key") + ": has no effect without cert");
            }
            return Optional.empty();
        }
        try {
            return Optional.of(OwnCertificate.read(
                    cert, key.isEmpty() ? cert : key, password.isEmpty() ? Optional.empty() : Optional.of(password)));
        } catch (TlsFileException | InvalidPathException e) {
            throw new IllegalArgumentException("cert: " + e.getMessage(), e);
        }
    }

    /** Notes what an operator should know of the files. */
    private static void review(TlsOptions tls, Section section, String key) {
        tls.own().ifPresent(own -> {
            for (String secret : own.secrets()) {
                if (SecretFile.readableByAll(Path.of(secret))) {
                    section.warn(
                            Warning.Kind.READABLE_SECRET,
                            key,
                            LuaValues.quote(secret) + " can be read by every user of this machine; chmod o-r it");
                }
            }
            ExpiryNotices.text(own.validUntil(), Instant.now())
                    .ifPresent(text -> section.warn(
                            Warning.Kind.EXPIRING_CERTIFICATE,
                            key,
                            "the certificate in " + LuaValues.quote(own.file()) + " " + text));
        });
        tls.trusted().stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .flatMap(until -> ExpiryNotices.text(until, Instant.now()))
                .ifPresent(text -> section.warn(
                        Warning.Kind.EXPIRING_CERTIFICATE,
                        key,
                        "a certificate in " + LuaValues.quote(tls.ca()) + " " + text));
    }

    private static boolean verify(LuaTable table) {
        return switch (table.get("verify")) {
            case null -> true;
            case Boolean verify -> verify;
            case Object other ->
                throw new IllegalArgumentException("verify: expected true or false, got " + LuaValues.describe(other));
        };
    }

    private static String text(LuaTable table, String key) {
        return switch (table.get(key)) {
            case null -> "";
            case LuaString text
            when text.length() > 0 && LuaValues.utf8(text).isPresent() ->
                LuaValues.utf8(text).get();
            case Object other ->
                throw new IllegalArgumentException(key + ": expected a string, got " + LuaValues.describe(other));
        };
    }

    private static List<X509Certificate> certificates(String file) {
        try {
            return CertificateFiles.certificates(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("ca: " + LuaValues.quote(file) + ": "
                    + switch (e) {
                        case NoSuchFileException missing -> "no such file";
                        case AccessDeniedException denied -> "permission denied";
                        default -> String.valueOf(e.getMessage());
                    });
        }
    }
}
