package io.memroute.proxy.config.reader;

import io.memroute.lua.LuaString;
import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.Warning;
import io.memroute.proxy.config.source.LuaValues;
import io.memroute.proxy.config.source.Section;
import io.memroute.proxy.text.SystemError;
import io.memroute.proxy.trust.SecretFile;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads the backend options {@code user}, {@code password} and {@code password_file}. No message has a password in it.
 */
public final class LoginReader {

    /** A stand-in for a password with a mistake, so that it is not found missing too. */
    private static final Consumer<BackendSpec.Builder> UNREAD = builder -> builder.password("unread");

    private LoginReader() {}

    static Optional<Consumer<BackendSpec.Builder>> user(Section section, String key) {
        if (Boolean.FALSE.equals(section.value(key))) {
            return Optional.of(builder -> builder.user(""));
        }
        return section.text(key).flatMap(name -> {
            if (name.isEmpty()) {
                section.fail(key, "is empty; for a server without a login write false");
            }
            return Optional.of(builder -> builder.user(name));
        });
    }

    static Optional<Consumer<BackendSpec.Builder>> password(Section section, String key) {
        return switch (section.value(key)) {
            case null -> Optional.empty();
            case LuaString text
            when LuaValues.utf8(text).isPresent() -> {
                String password = LuaValues.utf8(text).get();
                yield Optional.of(builder -> builder.password(password));
            }
            case Object other -> {
                section.fail(key, "expected a string of UTF-8 text");
                yield Optional.of(UNREAD);
            }
        };
    }

    static Optional<Consumer<BackendSpec.Builder>> file(Section section, String key) {
        return section.text(key).flatMap(file -> {
            try {
                byte[] password = passwordIn(file);
                if (SecretFile.readableByAll(Path.of(file))) {
                    section.warn(
                            Warning.Kind.READABLE_SECRET,
                            key,
                            LuaValues.quote(file) + " can be read by every user of this machine; chmod o-r it");
                }
                return Optional.of(builder -> builder.password(password, file));
            } catch (IllegalArgumentException e) {
                section.fail(key, String.valueOf(e.getMessage()));
                return Optional.of(UNREAD);
            }
        });
    }

    /**
     * Reads the password in a file.
     *
     * @throws IllegalArgumentException naming the file and what is wrong with it
     */
    public static byte[] passwordIn(String file) {
        try {
            return SecretFile.password(Path.of(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(LuaValues.quote(file) + ": " + SystemError.text(e), e);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(LuaValues.quote(file) + ": is not a path", e);
        }
    }
}
