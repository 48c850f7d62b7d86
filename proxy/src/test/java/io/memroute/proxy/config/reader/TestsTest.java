package io.memroute.proxy.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.config.ProxyConfig;
import org.junit.jupiter.api.Test;

/** {@code test{}} blocks as they are read; running them is another matter. */
class TestsTest {

    private static final String CONFIG = "pools{ main = { backends = { '10.0.0.1:11211 first' } } }\n"
            + "routes{ default = route_direct{ child = 'main' } }\n";

    private static String error(String test) {
        return String.join("\n", ConfigText.of(CONFIG + "test{ " + test + " }").errors());
    }

    @Test
    void areNoPartOfTheConfigurationThatRuns() {
        assertThat(withoutPlaces(ConfigText.of(CONFIG + "test{ when = 'get k', expect_pool = 'main' }")
                        .load()))
                .isEqualTo(withoutPlaces(ConfigText.of(CONFIG).load()));
    }

    private static String withoutPlaces(ProxyConfig config) {
        return config.toString().replaceAll("where=[^\\]]*routes.lua:\\d+", "");
    }

    @Test
    void needACommandAndAnExpectation() {
        assertThat(error("expect_pool = 'main'"))
                .isEqualTo("routes.lua:3: test: needs when: a command such as \"get user:42\"");
        assertThat(error("when = 'get k'"))
                .isEqualTo("routes.lua:3: test: expects nothing: give expect_backend, expect_pool,"
                        + " expect_reply or expect_request");
    }

    @Test
    void takeOnlyCommandsThatAreRouted() {
        assertThat(error("when = 'get', expect_reply = 'END'"))
                .isEqualTo("routes.lua:3: test: when: expected a command line such as"
                        + " \"get user:42\", got \"get\" (memcached would answer CLIENT_ERROR bad "
                        + "command line format)");
        assertThat(error("when = 'version', expect_reply = 'END'"))
                .isEqualTo("routes.lua:3: test: when: expected a command with a key, because only those are routed;"
                        + " got version");
    }

    @Test
    void nameBackendsPoolsAndTagsThatExist() {
        assertThat(error("when = 'get k', expect_backend = '10.0.0.2:11211'"))
                .isEqualTo("routes.lua:3: test: expect_backend: no backend \"10.0.0.2:11211\" (did you mean "
                        + "\"10.0.0.1:11211\"?)");
        assertThat(error("when = 'get k', expect_pool = 'mian'"))
                .isEqualTo("routes.lua:3: test: expect_pool: no pool \"mian\" (did you mean \"main\"?)");
        assertThat(error("when = 'get k', down = 'frist', expect_reply = 'END'"))
                .isEqualTo("routes.lua:3: test: down: no backend or pool \"frist\" (did you mean \"first\"?)");
        assertThat(error("when = 'get k', tag = 'x', expect_reply = 'END'"))
                .isEqualTo("routes.lua:3: test: tag: no routes{} has the tag \"x\"");
        assertThat(error("when = 'get k', given = { mian = 'miss' }, expect_reply = 'END'"))
                .isEqualTo("routes.lua:3: test: given: unknown backend or pool \"mian\" (did you mean \"main\"?)");
    }

    @Test
    void takeOnlyRepliesThatMemcachedGives() {
        assertThat(error("when = 'get k', given = { main = 'mis' }, expect_reply = 'END'"))
                .isEqualTo("routes.lua:3: test: given: main:"
                        + " expected \"hit\", \"miss\", \"down\", \"silent\" or a reply of memcached such "
                        + "as \"SERVER_ERROR out of memory\","
                        + " got \"mis\"");
        assertThat(error("when = 'get k', given = { main = 'VALUE k 0 5\\r\\nhi' }, expect_reply = 'END'"))
                .contains("got \"VALUE k 0 5");
    }

    @Test
    void haveNoKeysThatNobodyKnows() {
        assertThat(error("when = 'get k', expect_repl = 'END'"))
                .contains("routes.lua:3: test: unknown key \"expect_repl\" (did you mean \"expect_reply\"?)");
    }
}
