package io.memroute.app.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.testkit.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scripts that dpkg runs on a machine with systemd, which no machine for tests has: in a directory in the place of
 * the machine's own, with programs that note how they are called.
 */
class MaintainerScriptsTest {

    private static final Path SCRIPTS =
            Path.of("../ops/debian").toAbsolutePath().normalize();

    @TempDir
    private Path root;

    private Path calls;

    @BeforeEach
    void makeTheMachine() throws IOException {
        calls = root.resolve("calls");
        Files.createDirectories(root.resolve("run/systemd/system"));
        Files.createDirectories(root.resolve("usr/lib/memroute/lib"));
        for (String program : List.of("memroute", "deb-systemd-invoke", "adduser", "deluser")) {
            program(program, "");
        }
        program("systemctl", "case \"$*\" in *MainPID*) echo 4711 ;; esac");
    }

    /** @param does besides, in the shell's words */
    private void program(String name, String does) throws IOException {
        Path file = Files.createDirectories(root.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\necho \"" + name + " $*\" >>" + calls + "\n" + does + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs one of the scripts; returns the programs that it has called. */
    private List<String> run(String script, String... arguments) throws IOException {
        String text = Files.readString(SCRIPTS.resolve(script));
        for (String directory : List.of("/run/systemd", "/usr/lib/memroute", "/etc/systemd", "/var/lib/memroute")) {
            text = text.replace(directory, root + directory);
        }
        Files.deleteIfExists(calls);
        Files.createFile(calls);
        List<String> command = new ArrayList<>(
                List.of("sh", Files.writeString(root.resolve(script), text).toString()));
        command.addAll(List.of(arguments));
        String path = root.resolve("bin") + ":" + System.getenv("PATH");
        try (ChildProcess shell = ChildProcess.start(command, Map.of("PATH", path))) {
            assertThat(shell.awaitExit()).as(shell::output).isZero();
        }
        return Files.readAllLines(calls);
    }

    @Test
    void aNewInstallationEnablesAndStartsNothing() throws IOException {
        program("getent", "exit 2");
        assertThat(run("postinst", "configure", ""))
                .containsExactly(
                        "getent passwd memroute",
                        "adduser --system --group --home /nonexistent --no-create-home --gecos memroute --quiet"
                                + " memroute",
                        "memroute train",
                        "systemctl daemon-reload");
    }

    @Test
    void aNewVersionTakesOverFromTheServiceThatRuns() throws IOException {
        program("getent", "");
        assertThat(run("prerm", "upgrade", "2")).isEmpty();
        assertThat(run("postinst", "configure", "1"))
                .containsExactly(
                        "getent passwd memroute",
                        "memroute train",
                        "systemctl daemon-reload",
                        "systemctl is-active --quiet memroute.service",
                        "systemctl show --property MainPID --value memroute.service",
                        "memroute upgrade 4711");
    }

    @Test
    void aNewVersionThatCannotTakeOverIsStartedAgain() throws IOException {
        program("getent", "");
        program("memroute", "[ \"$1\" != upgrade ]");
        assertThat(run("postinst", "configure", "1"))
                .endsWith("memroute upgrade 4711", "deb-systemd-invoke restart memroute.service");
    }

    @Test
    void aServiceThatDoesNotRunStaysStopped() throws IOException {
        program("getent", "");
        program("systemctl", "[ \"$1\" != is-active ]");
        assertThat(run("postinst", "configure", "1")).endsWith("systemctl is-active --quiet memroute.service");
    }

    @Test
    void removingStopsTheServiceAndItsSocketAndLeavesNoFile() throws IOException {
        List<Path> made = List.of(
                root.resolve("usr/lib/memroute/lib/memroute.aot"), root.resolve("usr/lib/memroute/lib/train.log"));
        for (Path file : made) {
            Files.createFile(file);
        }
        assertThat(run("prerm", "remove")).containsExactly("deb-systemd-invoke stop memroute.socket memroute.service");
        assertThat(made).allMatch(Files::notExists);
    }

    @Test
    void purgingLeavesNothingEnabledAndNoUser() throws IOException {
        program("getent", "");
        List<Path> made = List.of(
                root.resolve("etc/systemd/system/multi-user.target.wants/memroute.service"),
                root.resolve("etc/systemd/system/sockets.target.wants/memroute.socket"),
                root.resolve("var/lib/memroute/servers"));
        for (Path file : made) {
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
        assertThat(run("postrm", "remove")).containsExactly("systemctl daemon-reload");
        assertThat(made).allMatch(Files::exists);
        assertThat(run("postrm", "purge"))
                .containsExactly(
                        "systemctl daemon-reload", "getent passwd memroute", "deluser --system --quiet memroute");
        assertThat(made).allMatch(Files::notExists);
        assertThat(root.resolve("var/lib/memroute")).doesNotExist();
    }
}
