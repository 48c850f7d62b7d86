package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.protocol.Command;
import io.memroute.proxy.handler.builtin.ZoneFailoverHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zones, verbosity in both dialects of the route library, and constants. */
class ConfigFunctionsTest {

    @TempDir
    Path directory;

    private static String output(String text) {
        return ConfigText.withRoutes(text).output();
    }

    private static List<String> errors(String text) {
        return ConfigText.withRoutes(text).errors();
    }

    /** The near zone of a zfailover route, which is the local one. */
    private static String zone(ConfigText text) {
        return ((ZoneFailoverHandler.Spec) text.defaultRoute()).near().zone();
    }

    private static ConfigText zoned(String text) {
        return ConfigText.of(text + "\npools{ a = { backends = { 'a' } } }"
                + " routes{ default = route_zfailover{ children = { west = 'a', east = 'a' } } }");
    }

    // ---- zones ----

    @Test
    void theLastLocalZoneHolds() {
        assertThat(zone(zoned("local_zone('west') local_zone('east')"))).isEqualTo("east");
    }

    @Test
    void theZoneCanBeAskedFor() {
        assertThat(output("print(local_zone()) local_zone('west') print(local_zone(), "
                        + "local_zone(nil), local_zone(false))"))
                .isEqualTo("nil\nwest\twest\twest\n");
    }

    @Test
    void theZoneCanComeFromTheEnvironment() {
        assertThat(zone(zoned("local_zone_from_env('ZONE')").environment("ZONE", "west")))
                .isEqualTo("west");
        assertThat(errors("\nlocal_zone_from_env('ZONE')"))
                .containsExactly("routes.lua:2: local_zone_from_env: the environment variable \"ZONE\" is not set");
    }

    @Test
    void theZoneCanBeTheFirstLineOfAFile() throws Exception {
        Path file = Files.writeString(directory.resolve("zone"), "west\nsecond line\n");
        assertThat(zone(zoned("local_zone_from_file('" + file + "')"))).isEqualTo("west");
    }

    @Test
    void saysWhyAZoneFileDoesNotDo() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty"), "");
        assertThat(errors("local_zone_from_file('" + empty + "')"))
                .containsExactly("routes.lua:1: local_zone_from_file: the first line of \"" + empty + "\" is empty");
        assertThat(errors("local_zone_from_file('/nowhere')"))
                .containsExactly("routes.lua:1: local_zone_from_file: cannot read \"/nowhere\": no such file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local_zone(5) ~ local_zone: expected the name of a zone, got 5",
                "local_zone_from_env() ~ local_zone_from_env: expected the name of an environment variable, got nil",
                "local_zone_from_file({}) ~ local_zone_from_file: expected the path of a file, got a table",
            })
    void saysWhatAZoneFunctionExpects(String row) {
        String[] parts = row.split(" ~ ");
        assertThat(errors(parts[0])).containsExactly("routes.lua:1: " + parts[1]);
    }

    // ---- verbosity ----

    @Test
    void saysOnlyWhenVerbose() {
        assertThat(output("say('a') verbose(true) say('b', 1, nil) verbose(false) say('c')"))
                .isEqualTo("verbosity set to:\ttrue\nb\t1\tnil\n");
    }

    @Test
    void debugIsLuasLibraryAndCanBeCalled() {
        assertThat(output("dsay('a') debug(true) dsay('b') debug(false) dsay('c') "
                        + "print(type(debug), type(debug.traceback))"))
                .isEqualTo("debug set to:\ttrue\nb\ntable\tfunction\n");
    }

    @Test
    void verbositySetsAllFlags() {
        assertThat(output("verbosity{ verbose = true, debug = true } say('a') dsay('b') verbosity{ "
                        + "verbose = true } dsay('c')"))
                .isEqualTo("verbose logging enabled\ndebug logging enabled\ntrace logging disabled\na\nb\n"
                        + "verbose logging enabled\ndebug logging disabled\ntrace logging disabled\n");
        assertThat(output("verbosity{ trace = true }")).isEqualTo("verbose logging disabled\n");
        assertThat(output("verbosity{ verbose = true, trace = true }"))
                .isEqualTo("verbose logging enabled\ndebug logging disabled\nlogging enabled\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "verbosity(true) ~ expected a table such as { verbose = true }, got true",
                "verbosity{ verbos = true } ~ unknown flag \"verbos\" (did you mean \"verbose\"?)",
                "verbosity{ debug = 1 } ~ debug: expected true or false, got 1",
            })
    void saysWhatVerbosityExpects(String row) {
        String[] parts = row.split(" ~ ");
        assertThat(errors(parts[0])).containsExactly("routes.lua:1: verbosity: " + parts[1]);
    }

    // ---- mcp ----

    @Test
    void commandConstantsHaveMemcachedsNumbers() {
        StringBuilder checks = new StringBuilder();
        for (Command command : Command.values()) {
            if (command != Command.UNKNOWN) {
                checks.append("assert(mcp.CMD_")
                        .append(command)
                        .append(" == ")
                        .append(command.id())
                        .append(")\n");
            }
        }
        assertThat(output(checks
                        + "print(mcp.CMD_MG, mcp.CMD_PREPEND, mcp.CMD_END_STORAGE, mcp.CMD_ANY, mcp.CMD_ANY_STORAGE)"))
                .isEqualTo("1\t20\t21\t36\t37\n");
    }

    @Test
    void theStandardLibraryIsThere() {
        assertThat(output("print(#string.format('%d', 5), table.concat({ 'a', 'b' }, ','), "
                        + "math.type(1), os.getenv('HOME_OF_X'))"))
                .isEqualTo("1\ta,b\tinteger\tnil\n");
    }
}
