package io.memroute.app.generated;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.command.Commands;
import io.memroute.app.options.PlainCommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * The commands of {@code docs/deploy.md} are there, with these options; each is run by a test, or it is said here why
 * not.
 */
class DeployPageTest {

    /** A test, and what is in its text where it runs a command. */
    private record RunBy(String test, String words) {}

    /** The tests that run a command, by how it begins. */
    private static final Map<String, RunBy> RUN = Map.ofEntries(
            Map.entry("ops/build-deb", new RunBy("DebianPackageIT.java", "REPOSITORY.resolve(\"ops/build-deb\")")),
            Map.entry("memroute train", new RunBy("DistributionIT.java", "List.of(link.toString(), \"train\")")),
            Map.entry(
                    "memroute version --json",
                    new RunBy("DebianPackageIT.java", "\"memroute\", \"version\", \"--json\"")),
            Map.entry("memroute check --strict", new RunBy("command/CommandsTest.java", "\"check\", \"--strict\"")),
            Map.entry("memroute check --offline", new RunBy("command/CommandsTest.java", "\"check\", \"--offline\"")),
            Map.entry(
                    "memroute plan OLD NEW",
                    new RunBy(
                            "DocumentedCommandsTest.java",
                            "\"plan\", \"examples/memroute.lua\", \"examples/demo.lua\"")),
            Map.entry("ops/verify-release", new RunBy("ReleaseIT.java", "REPOSITORY.resolve(\"ops/verify-release\")")),
            Map.entry("podman load", new RunBy("ImageIT.java", "podman(\"load\"")),
            Map.entry("memroute doctor", new RunBy("doctor/DoctorTest.java", "doctor(proxy.address())")),
            Map.entry(
                    "memroute upgrade", new RunBy("server/HandOverTest.java", ".execute(\"upgrade\", \"--pid-file\"")));

    /** The reasons why no test runs a command, by how it begins. */
    private static final Map<String, String> NOT_RUN = Map.ofEntries(
            Map.entry("apt-get ", "would ask package servers; DebianPackageIT does the same with dpkg"),
            Map.entry("useradd ", "would leave a user on the machine"),
            Map.entry("install ", "would leave files on the machine; DistributionIT has the same files in the tar.gz"),
            Map.entry("systemctl ", "needs a running systemd; UnitFileTest and ServiceTest do without"),
            Map.entry("docker ", "needs Docker; ops/build-image builds the image without"),
            Map.entry("kubectl ", "needs a cluster; KubernetesManifestsTest checks the manifests"),
            Map.entry(
                    "memroute run /etc/memroute/memroute.lua", "the words of a container; DebianPackageIT's are alike"),
            Map.entry("ops/release", "needs the tag of a release"));

    /** A line of a block. */
    private static final Pattern LINE = Pattern.compile("^ {4}([a-z].*)$", Pattern.MULTILINE);

    /** A command between backticks that is not a name alone. */
    private static final Pattern INLINE =
            Pattern.compile("`((?:apt-get|docker|podman|kubectl|systemctl|memroute|ops/[a-z-]+) [^`\\n]+)`");

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

    /** A command in a block or between backticks, with its options. */
    private static final Pattern COMMAND =
            Pattern.compile("(?:^ {4}|`|NAME )memroute ([a-z]+)((?: [^`\\n]*)?)", Pattern.MULTILINE);

    private static final Pattern OPTION = Pattern.compile("(?<= )--?[a-z][a-z-]*");
    private static final Pattern FILE = Pattern.compile("ops/[a-z][a-z./-]*[a-z]");

    private static String page() throws IOException {
        return Files.readString(REPOSITORY.resolve("docs/deploy.md"));
    }

    @Test
    void everyCommandIsThereWithItsOptions() throws IOException {
        CommandLine model = CommandLineModel.of(PlainCommandLine.of(new Commands()));
        List<MatchResult> commands = COMMAND.matcher(page()).results().toList();
        assertThat(commands).hasSizeGreaterThan(5);
        for (MatchResult command : commands) {
            assertThat(model.getSubcommands()).containsKey(command.group(1));
            CommandLine.Model.CommandSpec spec =
                    model.getSubcommands().get(command.group(1)).getCommandSpec();
            OPTION.matcher(command.group(2))
                    .results()
                    .forEach(option -> assertThat(spec.findOption(option.group()))
                            .as(command.group())
                            .isNotNull());
        }
    }

    @Test
    void everyCommandIsRunByATestOrItIsSaidWhyNot() throws IOException {
        String page = page();
        List<String> commands = Stream.of(LINE, INLINE)
                .flatMap(pattern -> pattern.matcher(page).results())
                .map(found -> found.group(1))
                .toList();
        assertThat(commands).hasSizeGreaterThan(20);
        assertThat(commands)
                .allMatch(command -> Stream.of(RUN, NOT_RUN)
                        .flatMap(list -> list.keySet().stream())
                        .anyMatch(command::startsWith));
        assertThat(Stream.of(RUN, NOT_RUN).flatMap(list -> list.keySet().stream()))
                .as("what is listed is on the page")
                .allMatch(listed -> commands.stream().anyMatch(command -> command.startsWith(listed)));
        assertThat(RUN.values())
                .allSatisfy(run -> assertThat(REPOSITORY.resolve("app/src/test/java/io/memroute/app/" + run.test))
                        .content()
                        .contains(run.words));
    }

    @Test
    void everyFileIsThere() throws IOException {
        assertThat(FILE.matcher(page()).results().map(MatchResult::group).distinct())
                .isNotEmpty()
                .allSatisfy(file -> assertThat(REPOSITORY.resolve(file)).exists());
    }
}
