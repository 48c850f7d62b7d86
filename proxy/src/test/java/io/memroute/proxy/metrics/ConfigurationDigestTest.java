package io.memroute.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.config.library.ConfigSource;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationDigestTest {

    private static final String CONFIG = """
            pools{ main = { backends = { "127.0.0.1:1", "127.0.0.1:2" } } }
            routes{ default = route_direct{ child = "main" } }
            """;

    @TempDir
    private Path directory;

    private String digestOf(String file, String text) throws Exception {
        Path written = Files.writeString(directory.resolve(file), text);
        try (ProxyServer server = ProxyServer.start(ServerOptions.builder()
                .workers(1)
                .listener(ListenerSpec.tcp("127.0.0.1", 0))
                .configuration(ConfigSource.ofFile(written.toString()))
                .build())) {
            return server.numbers().configuration().digest().orElseThrow();
        }
    }

    @Test
    void isEqualForProxiesThatDoTheSame() throws Exception {
        assertThat(digestOf("a.lua", CONFIG)).hasSize(16).isEqualTo(digestOf("b.lua", "-- A comment.\n\n" + CONFIG));
    }

    @Test
    void tellsApartWhatSendsAKeyElsewhere() throws Exception {
        assertThat(digestOf("a.lua", CONFIG))
                .isNotEqualTo(digestOf("a.lua", CONFIG.replace(":2", ":3")))
                .isNotEqualTo(digestOf(
                        "a.lua",
                        CONFIG.replace("\"127.0.0.1:1\", \"127.0.0.1:2\"", "\"127.0.0.1:2\", \"127.0.0.1:1\"")))
                .isNotEqualTo(digestOf("a.lua", CONFIG.replace("} } }", "}, options = { seed = \"x\" } } }")));
    }
}
