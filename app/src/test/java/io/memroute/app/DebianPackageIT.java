package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Debian package: built twice with the same bytes, installed as anyone would, in the place of an older one, used as
 * the service uses it, and removed without a trace. Needs root on Debian, and a machine on which memroute is not
 * installed.
 */
class DebianPackageIT {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

    /** 40 MB when this was written: half of it the Java, half the program. */
    private static final long MOST_BYTES = 60_000_000;

    private static final String OLDER = "0.0.1";

    private static final Map<String, String> BUILD =
            Map.of("MEMROUTE_JAVA_HOME", System.getProperty("java.home"), "SOURCE_DATE_EPOCH", "1767225600");

    /** Without any Java but its own. */
    private static final Map<String, String> USE = Map.of("JAVA_HOME", "", "MEMROUTE_JAVA_HOME", "", "TZ", "UTC");

    @TempDir
    private Path directory;

    private static String run(Map<String, String> environment, String... words) {
        try (ChildProcess process = ChildProcess.start(List.of(words), environment)) {
            assertThat(process.awaitExit(Deadline.OF_WORK))
                    .as(() -> Arrays.toString(words) + ": " + process.output())
                    .isZero();
            return process.output();
        }
    }

    @Test
    void isInstalledServesAndGoesWithoutATrace() throws IOException {
        assumeTrue(
                Files.getOwner(directory).getName().equals("root") && Files.exists(Path.of("/etc/debian_version")),
                "only root can install a package, and only on Debian");
        assumeTrue(Files.notExists(Path.of("/usr/bin/memroute")), "memroute is installed here");
        Path built = Path.of(run(
                        BUILD,
                        REPOSITORY.resolve("ops/build-deb").toString(),
                        Packaged.tarball().toString(),
                        directory.toString())
                .strip());
        assertThat(Files.size(built)).isLessThan(MOST_BYTES);
        Path again = Path.of(run(
                        BUILD,
                        REPOSITORY.resolve("ops/build-deb").toString(),
                        Packaged.tarball().toString(),
                        directory.resolve("again").toString())
                .strip());
        assertThat(Files.mismatch(built, again)).as("built twice").isEqualTo(-1);
        Files.delete(again);
        assertThat(run(USE, "dpkg-deb", "--contents", built.toString()).lines())
                .as("everything belongs to root and has the time of the sources")
                .allMatch(line -> line.contains(" root/root ") && line.contains(" 2026-01-01 00:00 "));
        try {
            run(USE, "dpkg", "--install", older(built).toString());
            assertThat(version()).isEqualTo(OLDER);
            Path options = Path.of("/etc/default/memroute");
            Files.writeString(options, "# mine\n");
            run(USE, "dpkg", "--install", built.toString());
            assertThat(version()).isNotEqualTo(OLDER);
            assertThat(options).as("a file that was changed").hasContent("# mine\n");
            isComplete();
            servesAsTheUserOfTheService();
            Files.writeString(Path.of("/etc/memroute/memroute.lua"), "-- mine\n");
            run(USE, "dpkg", "--remove", "memroute");
            assertThat(Path.of("/etc/memroute/memroute.lua")).hasContent("-- mine\n");
            assertThat(Path.of("/usr/lib/memroute")).doesNotExist();
        } finally {
            run(USE, "dpkg", "--purge", "memroute");
        }
        for (String gone :
                List.of("/usr/bin/memroute", "/etc/memroute", "/etc/default/memroute", "/var/lib/memroute")) {
            assertThat(Path.of(gone)).doesNotExist();
        }
        assertThat(Files.readString(Path.of("/etc/passwd"))).doesNotContain("memroute");
    }

    /** The package as it was in an earlier version. */
    private Path older(Path built) throws IOException {
        Path unpacked = directory.resolve("older");
        run(USE, "dpkg-deb", "--raw-extract", built.toString(), unpacked.toString());
        Path control = unpacked.resolve("DEBIAN/control");
        Files.writeString(control, Files.readString(control).replaceFirst("(?m)^Version: .*$", "Version: " + OLDER));
        Path older = directory.resolve("older.deb");
        run(USE, "dpkg-deb", "-Zgzip", "-z1", "--build", unpacked.toString(), older.toString());
        return older;
    }

    private static String version() {
        return run(USE, "dpkg-query", "--show", "--showformat=${Version}", "memroute");
    }

    private static void isComplete() throws IOException {
        assertThat(run(USE, "memroute", "version", "--json")).contains("\"home\" : \"/usr/lib/memroute/runtime\"");
        assertThat(run(USE, "dpkg", "--listfiles", "memroute").lines())
                .contains(
                        "/usr/share/man/man1/memroute.1.gz",
                        "/usr/share/bash-completion/completions/memroute",
                        "/usr/share/zsh/site-functions/_memroute",
                        "/usr/share/fish/vendor_completions.d/memroute.fish",
                        "/usr/share/memroute/lua-language-server/configuration.lua",
                        "/usr/lib/systemd/system/memroute.service",
                        "/usr/share/doc/memroute/copyright");
        assertThat(run(USE, "dpkg-query", "--show", "--showformat=${Conffiles}", "memroute"))
                .contains("/etc/memroute/memroute.lua", "/etc/default/memroute");
        assertThat(Path.of("/usr/lib/memroute/lib/memroute.aot")).isNotEmptyFile();
    }

    private static void servesAsTheUserOfTheService() {
        List<String> server = List.of(
                // It becomes the program, so that the test's own process ends with it.
                "setpriv",
                "--reuid=memroute",
                "--regid=memroute",
                "--clear-groups",
                "memroute",
                "run",
                "/etc/memroute/memroute.lua",
                "-l",
                "127.0.0.1",
                "-p",
                "-1");
        try (ChildProcess proxy = ChildProcess.start(server, USE);
                RawClient client = Packaged.connect(proxy)) {
            client.send("mn\r\n");
            client.expect("MN\r\n");
            assertThat(proxy.output()).contains(" on epoll, ").doesNotContain("WARNING:");
            proxy.signal("TERM");
            client.expectClosed();
        }
    }
}
