package io.memroute.app.generated;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.command.Commands;
import io.memroute.app.options.PlainCommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * The commands of {@code docs/deploy.md} are there, with these options. The Debian package's own test runs its part.
 */
class DeployPageTest {

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
    void everyFileIsThere() throws IOException {
        assertThat(FILE.matcher(page()).results().map(MatchResult::group).distinct())
                .isNotEmpty()
                .allSatisfy(file -> assertThat(REPOSITORY.resolve(file)).exists());
    }
}
