package io.memroute.app.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A small file in which a server tells other programs something, such as its process id. It appears whole, takes the
 * place of nothing but an earlier one of its kind, is written through no symbolic link, and is removed only as long as
 * it is this one.
 */
final class Announcement {

    /** No file that is longer is one of these. */
    private static final int MOST_BYTES = 4096;

    private final Path path;
    private final Path incomplete;
    private final String kind;
    private final Predicate<String> isOne;
    /** The text of the file, once it is there. */
    private @Nullable String content;

    /**
     * @param kind what the file is, for messages
     * @param isOne whether a text is the content of such a file
     */
    Announcement(Path path, String kind, Predicate<String> isOne) {
        this.path = path;
        this.incomplete = path.resolveSibling(
                "." + path.getFileName() + "." + ProcessHandle.current().pid());
        this.kind = kind;
        this.isOne = isOne;
    }

    /**
     * Makes sure that the file can be written, before anything else is begun.
     *
     * @throws IOException that says which file cannot be written, and why
     */
    void prepare() throws IOException {
        try {
            refuseToReplaceAnythingElse();
            create();
            Files.delete(incomplete);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private void create() throws IOException {
        // Left over by a process that was killed, with an id that comes again: in a container it is always the same.
        Files.deleteIfExists(incomplete);
        // Fails if somebody has put something there, rather than writing where it leads to.
        Files.createFile(incomplete);
    }

    private void refuseToReplaceAnythingElse() throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return;
        }
        if (!attributes.isRegularFile() || attributes.size() > MOST_BYTES) {
            throw new IOException("a file of that name exists and is not a " + kind);
        }
        String there = Files.readString(path, ISO_8859_1);
        if (!there.isBlank() && !isOne.test(there)) {
            throw new IOException("a file of that name exists and is not a " + kind);
        }
    }

    /**
     * Has the file appear.
     *
     * @throws IOException that says which file cannot be written, and why
     */
    void publish(String text) throws IOException {
        try {
            refuseToReplaceAnythingElse();
            create();
            Files.writeString(incomplete, text, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            Files.move(incomplete, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            content = text;
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** Removes it, unless another process has put its own in the same place. */
    void remove() {
        try {
            if (content != null && Files.readString(path).equals(content)) {
                Files.delete(path);
            }
        } catch (IOException e) {
            // Gone already, or no longer ours to remove.
        }
    }

    private IOException cannotWrite(IOException reason) {
        return new IOException("cannot write the " + kind + " " + path + ": " + SystemError.text(reason), reason);
    }
}
