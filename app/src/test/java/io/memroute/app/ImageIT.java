package io.memroute.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image: built as on Debian, loaded from its archive, and run as docs/deploy.md says. Needs root on Debian, and a
 * machine on which a process may have mounts of its own. Images and containers are in a directory of the test.
 */
class ImageIT {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

    /** 173 MB when this was written. */
    private static final long MOST_BYTES = 200_000_000;

    /** Half a minute of processor time, which a machine that runs many builds at once may give in many minutes. */
    private static final Duration BUILD = Duration.ofMinutes(15);

    private static final String IMAGE = "localhost/memroute";

    private static final String CONTAINER = "memroute-under-test";

    /** The network and the limits that every machine lets a container have. */
    private static final String EVERYWHERE = "--network=host --ulimit=nofile=4096:4096 --ulimit=nproc=4096:4096";

    private static final Pattern ADMIN = Pattern.compile("admin listener on 127\\.0\\.0\\.1:([0-9]+)");

    @TempDir
    private Path directory;

    private List<String> podman;

    @BeforeEach
    void findPrograms() throws IOException {
        assumeTrue(
                Files.getOwner(directory).getName().equals("root") && Files.exists(Path.of("/etc/debian_version")),
                "only root can build an image without a registry, and only on Debian");
        try (ChildProcess mounts = ChildProcess.start(List.of("unshare", "--mount", "true"), Map.of())) {
            assumeTrue(mounts.awaitExit() == 0, "no containers can be run here: " + mounts.output());
        }
        ChildProcess.require("buildah", "buildah");
        podman = List.of(
                ChildProcess.require("podman", "podman").toString(),
                "--root=" + directory.resolve("storage"),
                "--runroot=" + directory.resolve("run"),
                "--tmpdir=" + directory.resolve("tmp"),
                // Works on every file system.
                "--storage-driver=vfs",
                // crun 1.8 refuses machines that have control groups of both versions.
                "--runtime=" + ChildProcess.require("runc", "runc"),
                "--cgroup-manager=cgroupfs",
                "--events-backend=none");
    }

    @AfterEach
    void removeContainerAndImage() {
        if (podman != null) {
            podman("rm", "--force", "--ignore", "--time", "0", CONTAINER);
            podman("rmi", "--all", "--force");
        }
    }

    private String podman(String... words) {
        return output(words(words), Map.of(), Deadline.OF_WORK);
    }

    private List<String> words(String... words) {
        List<String> all = new ArrayList<>(podman);
        all.addAll(List.of(words));
        return all;
    }

    private static String output(List<String> words, Map<String, String> environment, Duration limit) {
        try (ChildProcess process = ChildProcess.start(words, environment)) {
            assertThat(process.awaitExit(limit))
                    .as(() -> words + ": " + process.output())
                    .isZero();
            return process.output();
        }
    }

    @Test
    void servesWithoutPrivilegesAndEndsWhenItIsToldTo() throws IOException {
        Path archive = directory.resolve("memroute-image.tar");
        output(
                List.of(REPOSITORY.resolve("ops/build-image").toString(), archive.toString()),
                Map.of("MEMROUTE_JAVA_HOME", System.getProperty("java.home")),
                BUILD);
        podman("load", "-q", "-i", archive.toString());
        assertSaysWhatItIs();

        Path configuration = Files.createDirectory(directory.resolve("conf"));
        try (MemcachedServer memcached = MemcachedServer.start()) {
            Files.writeString(configuration.resolve("memroute.lua"), """
                    pools{ main = { backends = { "127.0.0.1:%d" } } }
                    routes{ default = route_direct{ child = "main" } }
                    """.formatted(memcached.port()));
            create(configuration);
            try (ChildProcess container = ChildProcess.start(words("start", "--attach", CONTAINER), Map.of());
                    RawClient client = Packaged.connect(container);
                    RawClient direct = memcached.connect()) {
                direct.send("set key 0 0 5\r\nvalue\r\n");
                direct.expect("STORED\r\n");
                client.send("get key\r\n");
                client.expect("VALUE key 0 5\r\nvalue\r\nEND\r\n");
                assertReady(container);
                assertHasNoPrivileges();
                assertThat(podman("exec", CONTAINER, "memroute", "reload", "1"))
                        .startsWith("process 1 has reloaded its configuration\n");

                // Never a whole request, so only the end of --drain-timeout ends its client.
                client.send("set other 0 0 5\r\nhal");
                podman("kill", "--signal", "TERM", CONTAINER);
                client.expectClosed();
                assertThat(container.awaitExit()).as(container::output).isZero();
                assertThat(container.output())
                        .contains("requests in progress have 1 s to finish (--drain-timeout)")
                        .doesNotContain("WARNING:");
            }
        }
    }

    /** As docs/deploy.md says. */
    private void create(Path configuration) {
        podman(("create --name " + CONTAINER + " " + EVERYWHERE + " --read-only --read-only-tmpfs=false --cap-drop=all"
                        + " --security-opt=no-new-privileges --memory=512m"
                        + " --volume=" + configuration + ":/etc/memroute:ro " + IMAGE
                        + " run /etc/memroute/memroute.lua -l 127.0.0.1 -p -1 --admin 127.0.0.1:0 --drain-timeout 1")
                .split(" "));
    }

    private static void assertReady(ChildProcess container) {
        container.awaitOutput("admin listener on 127.0.0.1:");
        Matcher matcher = ADMIN.matcher(container.output());
        assertThat(matcher.find()).as(container::output).isTrue();
        InetSocketAddress admin = new InetSocketAddress("127.0.0.1", Integer.parseInt(matcher.group(1)));
        Deadline.await(
                "the proxy to be ready",
                Deadline.OF_START,
                () -> Packaged.ready(admin).startsWith("HTTP/1.1 200 "),
                () -> Packaged.ready(admin));
    }

    /** As the machine sees it. */
    private void assertHasNoPrivileges() throws IOException {
        String process =
                podman("inspect", "--format", "{{.State.Pid}}", CONTAINER).strip();
        assertThat(Files.readAllLines(Path.of("/proc", process, "status")))
                .contains("Uid:\t65532\t65532\t65532\t65532", "Gid:\t65532\t65532\t65532\t65532")
                .contains("CapEff:\t0000000000000000", "NoNewPrivs:\t1");
    }

    /** The version and the commit of the image are those of its program. */
    private void assertSaysWhatItIs() {
        assertThat(Long.parseLong(inspect("{{.Size}}"))).isLessThan(MOST_BYTES);
        assertThat(inspect("{{.User}} {{.Config.StopSignal}}")).isEqualTo("65532:65532 SIGTERM");
        assertThat(inspect(label("title"))).isEqualTo("memroute");
        assertThat(podman(("run --rm " + EVERYWHERE + " " + IMAGE + " version --json").split(" ")))
                .contains("\"home\" : \"/opt/memroute/runtime\"")
                .contains("\"version\" : \"" + inspect(label("version")) + "\",\n")
                .contains("\"commit\" : \"" + inspect(label("revision")) + "\",\n");
    }

    private String inspect(String format) {
        return podman("image", "inspect", "--format", format, IMAGE).strip();
    }

    private static String label(String name) {
        return "{{index .Labels \"org.opencontainers.image." + name + "\"}}";
    }
}
