package io.memroute.proxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.spotify.folsom.AsciiMemcacheClient;
import com.spotify.folsom.ConnectFuture;
import com.spotify.folsom.MemcacheClientBuilder;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.tls.ListenerTls;
import io.memroute.proxy.tls.TlsSettings;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import io.memroute.testkit.RefusingPort;
import io.memroute.testkit.TestCertificate;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that applications use to speak TLS, as they come: a listener that requires certificates of clients, and one
 * with basic TLS that requires a login.
 */
class TlsClientsTest {

    @TempDir
    private Path directory;

    private TestCertificate shown;
    private TestCertificate client;
    private ProxyServer proxy;

    @BeforeEach
    void start() throws Exception {
        shown = TestCertificate.make(directory, "shown", "IP:127.0.0.1,DNS:cache.example");
        client = TestCertificate.make(directory, "client", "DNS:app.example");
        Path users = Files.writeString(directory.resolve("users"), "app:open sesame\n");
        TlsSettings settings = TlsSettings.builder(shown.certificateFile(), shown.keyFile())
                .authorities(Optional.of(client.certificateFile()))
                .build();
        ListenerSpec tcp = ListenerSpec.tcp("127.0.0.1", 0);
        proxy = ProxyServer.start(ServerOptions.builder()
                .workers(1)
                .tls(settings)
                .passwords(users)
                .listener(tcp.encrypted(ListenerTls.MUTUAL).withoutLogin())
                .listener(tcp.encrypted(ListenerTls.BASIC))
                .build());
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private int mutual() {
        return ((InetSocketAddress) proxy.addresses().getFirst()).getPort();
    }

    private int withLogin() {
        return ((InetSocketAddress) proxy.addresses().getLast()).getPort();
    }

    @Test
    void pymemcacheShowsACertificateOrLogsIn() throws Exception {
        Path python = Path.of("/usr/bin/python3");
        Path program = Files.writeString(directory.resolve("client.py"), """
                import ssl, sys
                try:
                    from pymemcache.client.base import Client
                except ImportError:
                    sys.exit("install it with: apt-get install -y python3-pymemcache")
                context = ssl.create_default_context(cafile="DIR/shown.crt")
                try:
                    Client(("127.0.0.1", MUTUAL), tls_context=context).get("key")
                    sys.exit("was let in without a certificate")
                except OSError:
                    pass
                context.load_cert_chain("DIR/client.crt", "DIR/client.key")
                client = Client(("127.0.0.1", MUTUAL), tls_context=context)
                values = {"key%d" % i: b"value " * (10 ** (i % 5)) for i in range(50)}
                assert client.set_many(values, noreply=False) == []
                assert client.get_many(list(values)) == values
                assert client.incr("key1", 1, noreply=True) is None
                assert client.delete("key1", noreply=False)
                assert client.get("key1") is None
                other = Client(("127.0.0.1", LOGIN), tls_context=ssl.create_default_context(cafile="DIR/shown.crt"))
                assert other.set("_", b"app open sesame", noreply=False)
                assert other.get_many(["key1", "key2"]) == {"key2": values["key2"]}
                print("all is well")
                """.replace("DIR", directory.toString())
                .replace("MUTUAL", "" + mutual())
                .replace("LOGIN", "" + withLogin()));
        try (ChildProcess running = ChildProcess.start(List.of(python.toString(), program.toString()), Map.of())) {
            assertThat(running.awaitExit()).as(running::output).isZero();
            assertThat(running.output()).isEqualTo("all is well\n");
        }
    }

    @Test
    void folsomLogsIn() throws Exception {
        AsciiMemcacheClient<String> folsom = MemcacheClientBuilder.newStringClient()
                .withAddress("127.0.0.1", withLogin())
                .withUsernamePassword("app", "open sesame")
                .withSSLEngineFactory((host, port) -> {
                    SSLEngine engine = shown.clientContext().createSSLEngine(host, port);
                    engine.setUseClientMode(true);
                    return engine;
                })
                .connectAscii();
        try {
            long seconds = Deadline.USUAL.toSeconds();
            ConnectFuture.connectFuture(folsom).toCompletableFuture().get(seconds, TimeUnit.SECONDS);
            for (int i = 0; i < 100; i++) {
                folsom.set("key" + i, "value".repeat(1 + i * 100), 0)
                        .toCompletableFuture()
                        .get(seconds, TimeUnit.SECONDS);
            }
            for (int i = 0; i < 100; i++) {
                assertThat(folsom.get("key" + i).toCompletableFuture().get(seconds, TimeUnit.SECONDS))
                        .isEqualTo("value".repeat(1 + i * 100));
            }
        } finally {
            folsom.shutdown();
        }
    }

    /** nginx's own modules: a page is a value, fetched by way of TLS with a certificate of nginx's. */
    @Test
    void nginxServesValues() throws Exception {
        Path nginx = ChildProcess.require("nginx", "nginx-light libnginx-mod-stream");
        int http;
        int relay;
        // Both at once, so that they differ.
        try (RefusingPort one = RefusingPort.reserve();
                RefusingPort other = RefusingPort.reserve()) {
            http = one.port();
            relay = other.port();
        }
        Path configuration = Files.writeString(directory.resolve("nginx.conf"), """
                load_module /usr/lib/nginx/modules/ngx_stream_module.so;
                daemon off;
                user root;
                pid DIR/nginx.pid;
                error_log stderr;
                events {}
                stream {
                  server {
                    listen 127.0.0.1:RELAY;
                    proxy_pass 127.0.0.1:MUTUAL;
                    proxy_ssl on;
                    proxy_ssl_certificate DIR/client.crt;
                    proxy_ssl_certificate_key DIR/client.key;
                    proxy_ssl_trusted_certificate DIR/shown.crt;
                    proxy_ssl_verify on;
                    proxy_ssl_name cache.example;
                    proxy_ssl_server_name on;
                    proxy_ssl_session_reuse on;
                  }
                }
                http {
                  access_log off;
                  client_body_temp_path DIR/body;
                  proxy_temp_path DIR/proxy;
                  fastcgi_temp_path DIR/fastcgi;
                  uwsgi_temp_path DIR/uwsgi;
                  scgi_temp_path DIR/scgi;
                  server {
                    listen 127.0.0.1:HTTP;
                    location / {
                      set $memcached_key $uri;
                      memcached_pass 127.0.0.1:RELAY;
                    }
                  }
                }
                """.replace("DIR", directory.toString())
                .replace("RELAY", "" + relay)
                .replace("HTTP", "" + http)
                .replace("MUTUAL", "" + mutual()));
        try (ChildProcess running = ChildProcess.start(
                List.of(nginx.toString(), "-c", configuration.toString(), "-p", directory.toString()), Map.of())) {
            String page = "<p>hello</p>".repeat(5000);
            Deadline.await(
                    "nginx to listen", Deadline.OF_START, () -> listens(http) || !running.isAlive(), running::output);
            assertThat(running.isAlive()).as(running::output).isTrue();
            try (RawClient plain = RawClient.connect(relay)) {
                plain.send("set /page 0 0 " + page.length() + "\r\n" + page + "\r\n");
                plain.expect("STORED\r\n");
            }
            for (int i = 0; i < 5; i++) {
                assertThat(fetched(http, "/page")).startsWith("HTTP/1.1 200 ").endsWith(page);
                assertThat(fetched(http, "/nothing")).startsWith("HTTP/1.1 404 ");
            }
        }
    }

    @Test
    void haproxyPassesConnectionsOn() throws Exception {
        Path haproxy = ChildProcess.require("haproxy", "haproxy");
        int front;
        try (RefusingPort free = RefusingPort.reserve()) {
            front = free.port();
        }
        Path both = Files.writeString(
                directory.resolve("client.pem"),
                Files.readString(client.certificateFile()) + Files.readString(client.keyFile()));
        Path configuration = Files.writeString(
                directory.resolve("haproxy.cfg"), """
                defaults
                  mode tcp
                  timeout connect 60s
                  timeout client 60s
                  timeout server 60s
                listen memcached
                  bind 127.0.0.1:%d
                  server proxy 127.0.0.1:%d ssl verify required ca-file %s crt %s verifyhost cache.example
                """.formatted(front, mutual(), shown.certificateFile(), both));
        try (ChildProcess running =
                ChildProcess.start(List.of(haproxy.toString(), "-db", "-f", configuration.toString()), Map.of())) {
            Deadline.await("haproxy to listen", Deadline.OF_START, () -> listens(front), running::output);
            for (int i = 0; i < 5; i++) {
                try (RawClient plain = RawClient.connect(front)) {
                    plain.send("set key 0 0 2\r\nhi\r\nget key\r\n");
                    plain.expect("STORED\r\nVALUE key 0 2\r\nhi\r\nEND\r\n");
                }
            }
        }
    }

    private static boolean listens(int port) {
        try (RawClient client = RawClient.connect(port)) {
            return true;
        } catch (RuntimeException | AssertionError e) {
            return false;
        }
    }

    private static String fetched(int port, String path) {
        try (RawClient http = RawClient.connect(port)) {
            http.send("GET " + path + " HTTP/1.1\r\nHost: cache.example\r\nConnection: close\r\n\r\n");
            return new String(http.readToEnd(), ISO_8859_1);
        }
    }
}
