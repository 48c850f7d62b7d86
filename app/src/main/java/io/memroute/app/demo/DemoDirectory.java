package io.memroute.app.demo;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The temporary directory of a demo, for its configuration. It goes with the process however that ends; what a process
 * left behind that was killed goes with the next demo.
 */
final class DemoDirectory {

    private static final String PREFIX = "memroute-demo-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "(?<pid>[0-9]{1,10})-[0-9]+");

    private final Path path;

    private DemoDirectory(Path path) {
        this.path = path;
    }

    static DemoDirectory make() throws IOException {
        DemoDirectory made = new DemoDirectory(
                Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-"));
        // A signal during the start ends the process without further ado.
        Runtime.getRuntime().addShutdownHook(new Thread(made::remove, "memroute-demo-directory"));
        made.removeLeftovers();
        return made;
    }

    Path path() {
        return path;
    }

    /** Removes it with what is in it: files, no directories. */
    void remove() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(path);
        } catch (IOException e) {
            // Gone already; or a temporary file more, which the system clears away.
        }
    }

    /** Removes the directories of demos of the same user whose process does not live any more. */
    private void removeLeftovers() {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(path.getParent(), PREFIX + "*")) {
            for (Path other : all) {
                Matcher name = NAME.matcher(other.getFileName().toString());
                if (name.matches()
                        && Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
                        && Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(path))
                        && ProcessHandle.of(Long.parseLong(name.group("pid"))).isEmpty()) {
                    new DemoDirectory(other).remove();
                }
            }
        } catch (IOException e) {
            // Tidying up after others is not worth a failure.
        }
    }
}
