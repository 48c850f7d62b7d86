package io.memroute.app.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServersImportTest {

    @Test
    void writesAPoolThatPlacesKeysAsTheClientDoes() {
        String lua = ServersImport.read(
                        "10.0.0.1:11211:2, cache2, [fe80::1]:11212", "libmemcached-ketama", Optional.of("md5"))
                .lua("servers", "a client's list");
        assertThat(lua).endsWith("""
                pools{
                  -- line 1
                  main = {
                    options = { placement = "libmemcached-ketama", hash = "md5" },
                    backends = { { host = "10.0.0.1", port = 11211, weight = 2 }, "cache2:11211", "[fe80::1]:11212" },
                  },
                }

                routes{ default = route_direct{ child = "main" } }
                """);
    }

    @Test
    void saysThatNamesMayNeedAnAddress() {
        assertThat(ServersImport.read("a,b", "spymemcached-ketama", Optional.empty())
                        .report()
                        .text("servers"))
                .contains("nearly: spymemcached-ketama: the client hashes addresses with names of hosts");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a:1:2       | gomemcache            | servers: a:1:2: gomemcache has no weights
            a:1:1.5     | dalli                 | servers: a:1:1.5: dalli takes as weight a whole number, 1 or more
            a:b         | dalli                 | servers: expected host, host:port or host:port:weight, got "a:b"
            ','         | dalli                 | servers: a list without servers
            """)
    void refusesWhatTheSchemeDoesNotHave(String list, String scheme, String message) {
        assertThatThrownBy(() -> ServersImport.read(list, scheme, Optional.empty()))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.at("servers")).isEqualTo(message));
        assertThatThrownBy(() -> ServersImport.read("a", "none", Optional.empty()))
                .hasMessageStartingWith("no scheme \"none\"; there are weighted-rendezvous, ");
        assertThatThrownBy(() -> ServersImport.read("a", "xmemcached-ketma", Optional.empty()))
                .hasMessageStartingWith("no scheme \"xmemcached-ketma\" (did you mean \"xmemcached-ketama\"?); there");
        assertThatThrownBy(() -> ServersImport.read("a", "libmemcached", Optional.of("md6")))
                .hasMessageStartingWith("libmemcached has no hash \"md6\" (did you mean \"md5\"?); it has ");
    }
}
