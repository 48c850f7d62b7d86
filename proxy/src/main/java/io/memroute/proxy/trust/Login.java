package io.memroute.proxy.trust;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Optional;

/**
 * The user and the password by which memroute logs in to a server. Immutable; equal if user and password are. Nothing
 * here shows the password.
 *
 * @see "memcached's doc/protocol.txt, Authentication"
 */
public final class Login {

    /** memcached's bound of user and password with the space between them, in bytes. */
    private static final int MOST_BYTES = 16_384;

    /**
     * A server that asks for no login takes it for what it looks like. It answers the same, and the value has expired
     * when it is stored: nobody can read it.
     */
    private static final String COMMAND = "set memroute_login 0 -1 ";

    private final String user;
    private final byte[] password;
    private final Optional<String> file;

    /**
     * @param user without spaces and control characters, not empty
     * @param password not empty, without line ends
     * @param file that the password comes from; empty if the configuration has it
     * @throws IllegalArgumentException that says what is wrong, without the password
     */
    public Login(String user, byte[] password, Optional<String> file) {
        if (user.isEmpty() || user.chars().anyMatch(c -> c <= ' ' || c == 0x7F)) {
            throw new IllegalArgumentException("user: expected a name without spaces");
        }
        if (password.length == 0) {
            throw new IllegalArgumentException("password: is empty");
        }
        if (user.getBytes(StandardCharsets.UTF_8).length + 1 + password.length > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "user and password: servers take " + (MOST_BYTES - 1) + " bytes of both together at most");
        }
        this.user = user;
        this.password = password.clone();
        this.file = Objects.requireNonNull(file, "file");
    }

    public String user() {
        return user;
    }

    /** The file that the password comes from; empty if the configuration has it. */
    public Optional<String> file() {
        return file;
    }

    /** The bytes to send; the first reply to them is {@code STORED} if the server lets the user in. */
    public byte[] request() {
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        byte[] line = (COMMAND + (name.length + 1 + password.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[line.length + name.length + 1 + password.length + 2];
        System.arraycopy(line, 0, bytes, 0, line.length);
        int at = line.length;
        System.arraycopy(name, 0, bytes, at, name.length);
        at += name.length;
        bytes[at++] = ' ';
        System.arraycopy(password, 0, bytes, at, password.length);
        bytes[bytes.length - 2] = '\r';
        bytes[bytes.length - 1] = '\n';
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Login login
                && user.equals(login.user)
                && file.equals(login.file)
                && MessageDigest.isEqual(password, login.password);
    }

    /** Hashes the user alone: a hash of the password would tell of it where it is printed. */
    @Override
    public int hashCode() {
        return user.hashCode();
    }

    @Override
    public String toString() {
        return "Login[" + user + "]";
    }
}
