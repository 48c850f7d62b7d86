package io.memroute.proxy.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that holds a password or a private key. */
public final class SecretFile {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    private SecretFile() {}

    /**
     * Reads a file whose only line is a password; the line may have an end.
     *
     * @throws IOException if it cannot be read or holds something else; the message has nothing of what is in it
     */
    public static byte[] password(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        if (end > 0 && bytes[end - 1] == '\n') {
            end -= end > 1 && bytes[end - 2] == '\r' ? 2 : 1;
        }
        if (end == 0) {
            throw new IOException("it is empty; expected one line, the password");
        }
        for (int i = 0; i < end; i++) {
            if (bytes[i] == '\n') {
                throw new IOException("it has more than one line; expected one, the password");
            }
        }
        return Arrays.copyOf(bytes, end);
    }

    /** Warns of a file that every user of the machine can read. */
    public static void warnIfReadable(Path file) {
        if (readableByAll(file)) {
            LOG.warn("{} can be read by every user of this machine; chmod o-r it", file);
        }
    }

    /** Returns whether every user of the machine can read it; false where files have no such permissions. */
    public static boolean readableByAll(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
