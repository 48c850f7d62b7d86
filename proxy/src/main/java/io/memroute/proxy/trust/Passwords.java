package io.memroute.proxy.trust;

import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.Nullable;

/**
 * The users who may log in, and their passwords: memcached's file of lines {@code user:password}, in which a password
 * may be a bcrypt hash. Thread safe; nothing here shows a password.
 */
public final class Passwords {

    /** A bcrypt hash as {@code htpasswd -B} and other tools write it; the second field is the cost. */
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

    /**
     * The beginning of what {@code htpasswd} without {@code -B}, {@code mkpasswd} and libraries write as a hash. Taken
     * for a password, it would let everybody in who has seen the file, and its user not.
     */
    private static final Pattern OTHER_HASH = Pattern.compile(
            "\\$(?:1|2[abxy]?|5|6|7|g?y|apr1|md5|sha1|scrypt|s[0-9]|argon2(?:i|d|id)|pbkdf2[-a-z0-9]*)\\$.*"
                    + "|\\{S?SHA[0-9]*\\}.*");

    /** The lowest cost that bcrypt has. */
    private static final int LEAST_COST = 4;

    /** The highest cost of a hash: a check takes a second or two. Each step doubles that. */
    private static final int MOST_COST = 15;

    private final Path file;
    /** One for each file: clients who try many passwords do not delay those who log in to the admin listener. */
    private final CheckQueue checks = new CheckQueue();

    private volatile List<Entry> entries;

    private Passwords(Path file, List<Entry> entries) {
        this.file = file;
        this.entries = entries;
    }

    /** One user. */
    private static final class Entry {
        private final byte[] user;
        private final byte[] password;
        private final boolean hashed;
        /** The proof of a password that the hash has been found to be of. */
        private volatile byte @Nullable [] proved;

        Entry(byte[] user, byte[] password, boolean hashed) {
            this.user = user;
            this.password = password;
            this.hashed = hashed;
        }

        String hash() {
            return new String(password, StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * Reads a file.
     *
     * @throws IOException in memcached's words, with the file's name and without what is in it
     */
    public static Passwords open(Path file) throws IOException {
        return new Passwords(file, read(file));
    }

    /** The file that they are from. */
    public Path file() {
        return file;
    }

    /** The number of users. */
    public int size() {
        return entries.size();
    }

    /**
     * Reads the file again; clients that have logged in stay.
     *
     * @throws IOException if it cannot be used; then nothing changes
     */
    public void reload() throws IOException {
        entries = read(file);
    }

    /** Whether checks take so long that no worker may make them. */
    private boolean takeLong() {
        return entries.stream().anyMatch(entry -> entry.hashed);
    }

    /** Whether that is a user's password, and has been found to be so before; takes a microsecond. */
    private boolean knows(byte[] user, byte[] password) {
        byte[] proof = Proof.of(password);
        boolean known = false;
        for (Entry entry : entries) {
            byte[] proved = entry.proved;
            known |= MessageDigest.isEqual(entry.user, user) & proved != null && MessageDigest.isEqual(proved, proof);
        }
        return known;
    }

    /**
     * Checks at once if that is quick, or the password has been found to be right before. Else on a thread of its own,
     * which computes one hash at a time; addresses take turns.
     *
     * @param from the address of the client
     * @return completed, or completes on that thread; cancel it when the client has gone
     */
    public CompletableFuture<Boolean> verify(Object from, byte[] user, byte[] password) {
        if (!takeLong()) {
            return CompletableFuture.completedFuture(check(user, password));
        }
        if (knows(user, password)) {
            return CompletableFuture.completedFuture(true);
        }
        return checks.add(
                from instanceof InetAddress address ? AttemptLimit.origin(address) : from, () -> check(user, password));
    }

    /** Whether that is a user's password. It takes the same time whichever user or letter is wrong. */
    private boolean check(byte[] user, byte[] password) {
        boolean right = false;
        Entry hash = null;
        boolean hashIsOfUser = false;
        for (Entry entry : entries) {
            boolean theUser = MessageDigest.isEqual(entry.user, user);
            if (entry.hashed) {
                // For an unknown user some other hash is computed, as its time is what could be told.
                hash = theUser || hash == null ? entry : hash;
                hashIsOfUser |= theUser;
            } else {
                right |= theUser & MessageDigest.isEqual(entry.password, password);
            }
        }
        return right | (hash != null && matches(hash, password) & hashIsOfUser);
    }

    private static boolean matches(Entry entry, byte[] password) {
        byte[] proof = Proof.of(password);
        byte[] known = entry.proved;
        if (known != null && MessageDigest.isEqual(known, proof)) {
            return true;
        }
        boolean right = password.length > 0 && OpenBSDBCrypt.checkPassword(entry.hash(), password);
        if (right) {
            // The next thousand connections of the same application cost a microsecond each.
            entry.proved = proof;
        }
        return right;
    }

    /** A stand-in for a password that was right: it tells nothing of the password, and nothing to another process. */
    private static final class Proof {
        private static final String ALGORITHM = "HmacSHA256";
        private static final SecretKeySpec KEY = key();

        private Proof() {}

        private static SecretKeySpec key() {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            return new SecretKeySpec(random, ALGORITHM);
        }

        static byte[] of(byte[] password) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(KEY);
                return mac.doFinal(password);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JVM has " + ALGORITHM, e);
            }
        }
    }

    private static List<Entry> read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new IOException(
                    "Could not open authfile [" + file + "] for reading, error " + SystemError.text(e), e);
        }
        List<Entry> entries = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            int colon = line.indexOf(':');
            if (colon < 0) {
                throw malformed(file, "Should be 'user:password'", number);
            }
            entries.add(entry(line.substring(0, colon), line.substring(colon + 1), file, number));
        }
        if (entries.isEmpty()) {
            throw malformed(file, "Should be 'user:password'", 1);
        }
        return List.copyOf(entries);
    }

    private static Entry entry(String user, String password, Path file, int line) throws IOException {
        Matcher hash = BCRYPT.matcher(password);
        boolean hashed = hash.matches();
        if (hashed) {
            int cost = Integer.parseInt(hash.group(1));
            if (cost < LEAST_COST || cost > MOST_COST) {
                throw malformed(file, "The cost of a bcrypt hash may be " + LEAST_COST + " to " + MOST_COST, line);
            }
        } else if (OTHER_HASH.matcher(password).matches()) {
            throw malformed(file, "A hash has to be a whole one of bcrypt, as 'htpasswd -nB USER' writes it", line);
        }
        return new Entry(
                user.getBytes(StandardCharsets.ISO_8859_1), password.getBytes(StandardCharsets.ISO_8859_1), hashed);
    }

    private static IOException malformed(Path file, String expected, int line) {
        return new IOException("Authfile [" + file + "] has a malformed entry. " + expected + " (line " + line + ")");
    }
}
