package io.memroute.proxy.access;

import io.memroute.proxy.trust.Identity;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A name by which rules and questions know clients: {@code user:web}, {@code cn:web.example}, {@code san:...},
 * {@code tag:tools}, or {@code *} for every client.
 *
 * @param name empty for every client
 */
public record IdentityName(Kind kind, String name) {

    /** Every client. */
    public static final IdentityName ANYONE = new IdentityName(Kind.ANYONE, "");

    private static final String ANYONE_TEXT = "*";

    /** The proofs of an identity. */
    public enum Kind {
        ANYONE,
        /** The user that the client has logged in as. */
        USER,
        /** The common name in the client's verified certificate. */
        CN,
        /** One of the other names in that certificate. */
        SAN,
        /** The tag of the listener that the client has come by. */
        TAG;

        private String prefix() {
            return name().toLowerCase(Locale.ROOT) + ":";
        }
    }

    public IdentityName {
        Objects.requireNonNull(kind, "kind");
        if (name.isEmpty() != (kind == Kind.ANYONE)) {
            throw new IllegalArgumentException("a name of the kind " + kind + ": \"" + name + "\"");
        }
    }

    /** Reads a name; empty if the text is none. */
    public static Optional<IdentityName> of(String text) {
        if (text.equals(ANYONE_TEXT)) {
            return Optional.of(ANYONE);
        }
        return Arrays.stream(Kind.values())
                .filter(kind -> kind != Kind.ANYONE
                        && text.startsWith(kind.prefix())
                        && text.length() > kind.prefix().length())
                .findFirst()
                .map(kind -> new IdentityName(kind, text.substring(kind.prefix().length())));
    }

    /** The name that tells a client best from others: what it has logged in as, else its certificate, else its way. */
    public static String bestOf(Identity identity) {
        if (!identity.user().isEmpty()) {
            return Kind.USER.prefix() + identity.user();
        }
        if (!identity.commonName().isEmpty()) {
            return Kind.CN.prefix() + identity.commonName();
        }
        if (!identity.alternativeNames().isEmpty()) {
            return Kind.SAN.prefix() + identity.alternativeNames().getFirst();
        }
        return identity.tag().isEmpty() ? "anonymous" : Kind.TAG.prefix() + identity.tag();
    }

    /** Whether the client has this name. */
    boolean isOf(Identity identity) {
        return switch (kind) {
            case ANYONE -> true;
            case USER -> name.equals(identity.user());
            case CN -> name.equals(identity.commonName());
            case SAN -> identity.alternativeNames().contains(name);
            case TAG -> name.equals(identity.tag());
        };
    }

    /** A client of which this name is known too. */
    public Identity addTo(Identity identity) {
        return switch (kind) {
            case ANYONE -> identity;
            case USER -> identity.withUser(name);
            case CN -> new Identity(identity.user(), name, identity.alternativeNames(), identity.tag());
            case SAN -> new Identity(identity.user(), identity.commonName(), with(identity), identity.tag());
            case TAG -> new Identity(identity.user(), identity.commonName(), identity.alternativeNames(), name);
        };
    }

    private List<String> with(Identity identity) {
        List<String> names = new java.util.ArrayList<>(identity.alternativeNames());
        names.add(name);
        return names;
    }

    @Override
    public String toString() {
        return kind == Kind.ANYONE ? ANYONE_TEXT : kind.prefix() + name;
    }
}
