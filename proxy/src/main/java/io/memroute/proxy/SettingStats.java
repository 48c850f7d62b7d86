package io.memroute.proxy;

import io.memroute.proxy.config.Settings;
import io.memroute.proxy.stats.StatLines;
import io.memroute.proxy.tls.TlsSettings;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code stats settings}: what memcached 1.6.45 shows, with what holds here, and memroute's own. Not shown are the
 * settings of external storage, which memroute does not have.
 */
final class SettingStats {

    /** The text that memcached writes for a setting without a value. */
    private static final String NONE = "NULL";

    private final ProxyServer server;

    SettingStats(ProxyServer server) {
        this.server = server;
    }

    void write(StatLines lines) {
        ServerOptions options = server.options();
        Settings settings = server.running().settings();
        boolean proxy = server.running().isPresent();
        lines.add("memroute_version", MemrouteVersion.TEXT)
                .add("maxbytes", server.store().maximumBytes())
                .add("maxconns", options.maxConnections())
                .add("tcpport", tcpPort())
                .add("udpport", 0)
                .add("inter", hosts())
                .add("verbosity", options.verbosity())
                .add("oldest", 0)
                .add("domain_socket", unixSockets())
                .add("umask", Integer.toOctalString(options.unixSocketMask()))
                .add("shutdown_command", options.allowShutdown())
                .add("num_threads", options.workers())
                .add("num_threads_per_udp", 0)
                .add("detail_enabled", false)
                .add("reqs_per_event", options.requestsInFlight())
                .add("cas_enabled", true)
                .add("tcp_backlog", server.listeners().backlog())
                .add("binding_protocol", proxy ? "proxy" : "ascii")
                .add("auth_enabled_sasl", false)
                .add(
                        "auth_enabled_ascii",
                        options.passwords().map(Path::toString).orElse("no"))
                .add("item_size_max", options.itemSizeLimitBytes())
                .add("maxconns_fast", true)
                .add("flush_enabled", proxy ? settings.allowFlushAll() : options.allowFlushAll())
                .add("dump_enabled", false)
                .add("idle_timeout", options.clientTimes().idleSeconds())
                .add("watcher_logbuf_size", options.watcherBufferBytes())
                .add("worker_logbuf_size", 0)
                .add("proxy_enabled", proxy)
                .add("proxy_uring_enabled", server.transport() == Transport.IO_URING)
                .add("num_napi_ids", 0)
                .add("memory_file", "(null)")
                .add("client_flags_size", 4);
        tls(lines, options.tls());
        store(lines);
        lines.add("request_timeout", options.clientTimes().requestSeconds())
                .add("transport", server.transport().label())
                .add("requests_in_flight", options.requestsInFlight())
                .add("value_size_max", options.valueLimitBytes())
                .add("merge_gets", settings.mergeGets())
                .add("miss_on_error", settings.missOnError())
                .end();
    }

    private static void tls(StatLines lines, Optional<TlsSettings> given) {
        lines.add("ssl_enabled", given.isPresent())
                .add("ssl_chain_cert", given.map(tls -> tls.chain().toString()).orElse(NONE))
                .add("ssl_key", given.map(tls -> tls.key().toString()).orElse(NONE))
                .add("ssl_verify_mode", given.map(tls -> tls.verify().shown()).orElse(0))
                .add(
                        "ssl_keyformat",
                        given.map(TlsSettings::keyFormat)
                                .orElse(TlsSettings.KeyFormat.PEM)
                                .number())
                .add(
                        "ssl_ciphers",
                        given.map(TlsSettings::ciphers)
                                .filter(list -> !list.isEmpty())
                                .orElse(NONE))
                .add(
                        "ssl_ca_cert",
                        given.flatMap(TlsSettings::authorities)
                                .map(Path::toString)
                                .orElse(NONE))
                .add(
                        "ssl_wbuf_size",
                        given.map(TlsSettings::writeBufferBytes).orElse(TlsSettings.DEFAULT_WRITE_BUFFER_BYTES))
                .add("ssl_session_cache", given.map(TlsSettings::sessionCache).orElse(false))
                .add("ssl_kernel_tls", given.map(TlsSettings::kernelTls).orElse(false))
                .add(
                        "ssl_min_version",
                        "tlsv1." + given.map(TlsSettings::minimumVersion).orElse(TlsSettings.DEFAULT_MINIMUM_VERSION));
    }

    /**
     * The embedded store has one segmented LRU, and no slabs, crawler or maintainer; {@code me} shows memcached's
     * classes.
     */
    private static void store(StatLines lines) {
        lines.add("evictions", "on")
                .add("growth_factor", "1.25")
                .add("chunk_size", 48)
                .add("stat_key_prefix", ":")
                .add("hashpower_init", 0)
                .add("hash_algorithm", "own")
                .add("slab_reassign", false)
                .add("slab_automove", 0)
                .add("slab_automove_ratio", "0.00")
                .add("slab_automove_window", 0)
                .add("slab_automove_freeratio", "0.000")
                .add("slab_chunk_max", 512 << 10)
                .add("lru_crawler", false)
                .add("lru_crawler_sleep", 0)
                .add("lru_crawler_tocrawl", 0)
                .add("tail_repair_time", 0)
                .add("lru_maintainer_thread", false)
                .add("lru_segmented", true)
                .add("hot_lru_pct", 20)
                .add("warm_lru_pct", 40)
                .add("hot_max_factor", "0.00")
                .add("warm_max_factor", "0.00")
                .add("temp_lru", false)
                .add("temporary_ttl", 0)
                .add("read_buf_mem_limit", 0)
                .add("track_sizes", false)
                .add("inline_ascii_response", false);
    }

    private int tcpPort() {
        return server.addresses().stream()
                .filter(InetSocketAddress.class::isInstance)
                .mapToInt(address -> ((InetSocketAddress) address).getPort())
                .findFirst()
                .orElse(0);
    }

    private String hosts() {
        String hosts = server.addresses().stream()
                .filter(address -> address instanceof InetSocketAddress tcp
                        && !tcp.getAddress().isAnyLocalAddress())
                .map(address -> ((InetSocketAddress) address).getAddress().getHostAddress())
                .distinct()
                .collect(Collectors.joining(","));
        return hosts.isEmpty() ? NONE : hosts;
    }

    private String unixSockets() {
        String paths = server.addresses().stream()
                .filter(UnixDomainSocketAddress.class::isInstance)
                .map(Object::toString)
                .collect(Collectors.joining(","));
        return paths.isEmpty() ? NONE : paths;
    }
}
