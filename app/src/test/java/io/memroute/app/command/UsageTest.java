package io.memroute.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.options.ExitStatus;
import io.memroute.app.options.PlainCommandLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The words of every command, each of them wrong in every way: the answer names them, and what is expected. */
class UsageTest {

    /** Words of picocli and of Java that say nothing to an operator. */
    private static final String[] OF_THE_LIBRARY = {
        "index", "Unmatched", "Invalid value", "parameter", " int", "long", "boolean", "Exception"
    };

    static Stream<CommandSpec> commands() {
        return below(PlainCommandLine.of(new Commands()))
                // Both take their words as they are.
                .filter(command -> !command.unmatchedArgsBindings().iterator().hasNext())
                .filter(command -> !command.name().equals("help"));
    }

    private static Stream<CommandSpec> below(CommandLine command) {
        return command.getSubcommands().values().stream()
                .flatMap(line -> Stream.concat(Stream.of(line.getCommandSpec()), below(line)));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aValueThatIsNoneIsNamed(CommandSpec command) {
        for (OptionSpec option : command.options()) {
            if (isNumber(option)) {
                assertThat(refusal(command, option.longestName(), "1x"))
                        .startsWith(
                                command.qualifiedName() + ": " + option.longestName() + ": expected a whole number ")
                        .contains("got \"1x\"\n");
                assertThat(refusal(command, option.longestName(), "-7")).contains("got \"-7\"\n");
            }
        }
        for (PositionalParamSpec word : command.positionalParameters()) {
            if (word.auxiliaryTypes()[0] == Long.class) {
                assertThat(refusal(command, "1x"))
                        .startsWith(command.qualifiedName() + ": " + word.paramLabel() + ": expected a whole number ")
                        .contains("got \"1x\"\n");
            }
        }
    }

    private static boolean isNumber(OptionSpec option) {
        return List.of(int.class, long.class, Integer.class, Long.class).contains(option.auxiliaryTypes()[0]);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aValueThatIsMissingIsAskedFor(CommandSpec command) {
        for (OptionSpec option : command.options()) {
            if (!option.typeInfo().isBoolean()) {
                assertThat(refusal(command, option.longestName()))
                        .startsWith(command.qualifiedName() + ": " + option.longestName() + ": expected a value: "
                                + option.longestName() + " " + option.paramLabel() + "\n");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aSwitchTakesNoValue(CommandSpec command) {
        for (OptionSpec option : command.options()) {
            if (option.typeInfo().isBoolean()) {
                assertThat(refusal(command, option.longestName() + "=maybe"))
                        .startsWith(command.qualifiedName() + ": " + option.longestName()
                                + ": takes no value, got \"maybe\"\n");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void anOptionGivenTwiceIsNamed(CommandSpec command) {
        for (OptionSpec option : command.options()) {
            if (!option.isMultiValue() && !option.usageHelp()) {
                String word = option.typeInfo().isBoolean()
                        ? option.longestName()
                        : option.longestName() + "=" + value(option);
                assertThat(refusal(command, word, word))
                        .startsWith(command.qualifiedName() + ": " + option.longestName() + ": given twice\n");
            }
        }
    }

    /** A value that it takes: numbers are taken by all that name none. */
    private static String value(OptionSpec option) {
        Iterable<String> candidates = option.completionCandidates();
        return candidates == null ? "1" : candidates.iterator().next();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void anOptionThatIsNoneIsNamed(CommandSpec command) {
        assertThat(refusal(command, "--no-such-option"))
                .startsWith(command.qualifiedName() + ": no option \"--no-such-option\"\n");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aWordTooManyIsNamed(CommandSpec command) {
        if (!command.subcommands().isEmpty()) {
            assertThat(refusal(command, "tooMany"))
                    .startsWith("memroute " + command.name() + ": no command \"tooMany\"\n");
            return;
        }
        int most = 0;
        for (PositionalParamSpec word : command.positionalParameters()) {
            if (word.arity().isVariable()) {
                return;
            }
            most += word.arity().max();
        }
        List<String> words = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            words.add("1");
        }
        words.add("tooMany");
        assertThat(refusal(command, words.toArray(String[]::new)))
                .startsWith(
                        command.subcommands().isEmpty()
                                ? command.qualifiedName() + ": unexpected argument \"tooMany\"\n"
                                : command.qualifiedName() + ": no command \"tooMany\"\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "demo --port 70000   | memroute demo: --port: expected a whole number from 0 to 65535, got \"70000\"",
                "top --seconds 61    | memroute top: --seconds: expected a whole number from 1 to 60, got \"61\"",
                "top --every 0       | memroute top: --every: expected a whole number of at least 1, got \"0\"",
                "plan --keys ''      | memroute plan: --keys: expected a whole number of at least 1, got \"''\"",
                "check --stri        | memroute check: no option \"--stri\" (did you mean \"--strict\"?)",
                "check -x            | memroute check: no option \"-x\"",
                "test                | memroute test: expected FILE",
                "why                 | memroute why: expected FILE COMMAND",
                "reload              | memroute reload: which server? expected PID or --pid-file FILE",
                "chekc               | memroute: no command \"chekc\" (did you mean \"check\"?)",
                "nosuch              | memroute: no command \"nosuch\"",
                "help nosuch         | memroute: no command \"nosuch\"",
                "version 1           | memroute version: unexpected argument \"1\"",
            })
    void theAnswerSaysWhatIsExpected(String words, String answer) {
        assertThat(refusal(words.split(" +"))).startsWith(answer + "\n");
    }

    @Test
    void theHelpOfTheCommandIsNamed() {
        assertThat(refusal("top", "--secs", "5")).endsWith("\nmemroute top --help describes its options.\n");
        assertThat(refusal("nosuch"))
                .contains("\nThe commands are run, demo, init, reload, ")
                .endsWith("; memroute help describes them.\n");
        assertThat(refusal("version", "1")).endsWith("\nmemroute version --help describes its options.\n");
    }

    private static String refusal(CommandSpec command, String... words) {
        List<String> all = new ArrayList<>(List.of(command.qualifiedName().split(" ")));
        all.removeFirst();
        all.addAll(List.of(words));
        return refusal(all.toArray(String[]::new));
    }

    private static String refusal(String... words) {
        StringWriter out = new StringWriter();
        int status = PlainCommandLine.of(new Commands())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(words);

        assertThat(status).as(String.join(" ", words)).isEqualTo(ExitStatus.USAGE);
        return assertThat(out.toString())
                .as(String.join(" ", words))
                .doesNotContain(OF_THE_LIBRARY)
                .actual();
    }
}
