package io.memroute.app.options;

import static java.util.Map.entry;

import io.memroute.proxy.config.source.NearestName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The words of {@code -o} that have nothing to act on in memroute: memcached's slab, LRU, hash table and external
 * storage settings. Each is checked as memcached checks it, with its text, so that a start script's mistake shows here
 * too.
 */
final class ExtendedWords {

    /** Says what is wrong with the value of a word, which has none if it stood alone. */
    @FunctionalInterface
    private interface Check {
        /** @param value what follows the word's {@code =}; a word that stands alone has none */
        Optional<String> problem(@Nullable String value);
    }

    @FunctionalInterface
    private interface ValueCheck {
        Optional<String> problem(String value);
    }

    private static final long MAX_UINT32 = 0xFFFF_FFFFL;

    private static final Map<String, Check> WORDS = Map.ofEntries(
            entry("maxconns_fast", flag()),
            entry("no_maxconns_fast", flag()),
            entry("hashpower", given("Missing numeric argument for hashpower", ExtendedWords::hashpower)),
            entry("no_hashexpand", flag()),
            entry("slab_reassign", flag()),
            entry("no_slab_reassign", flag()),
            entry(
                    "slab_automove",
                    value -> value == null
                            ? Optional.empty()
                            : outside(CNumbers.atoi(value), 0, 2, "slab_automove must be between 0 and 2")),
            entry("no_slab_automove", flag()),
            entry(
                    "slab_automove_ratio",
                    given(
                            "Missing slab_automove_ratio argument",
                            value -> refusedIf(
                                    !(CNumbers.atof(value) > 0 && CNumbers.atof(value) <= 1),
                                    "slab_automove_ratio must be > 0 and < 1"))),
            entry(
                    "slab_automove_window",
                    given(
                            "Missing slab_automove_window argument",
                            value -> outside(
                                    CNumbers.atoi(value), 3, 1800, "slab_automove_window must be > 2 and < 1800"))),
            entry("slab_automove_freeratio", number("slab_automove_freeratio")),
            entry(
                    "tail_repair_time",
                    given(
                            "Missing numeric argument for tail_repair_time",
                            value -> refusedIf(
                                    CNumbers.atoi(value) < 10, "Cannot set tail_repair_time to less than 10 seconds"))),
            entry(
                    "hash_algorithm",
                    given(
                            "Missing hash_algorithm argument",
                            value -> refusedIf(
                                    !value.equals("jenkins") && !value.equals("murmur3") && !value.equals("xxh3"),
                                    "Unknown hash_algorithm option (jenkins, murmur3, xxh3)"))),
            entry("lru_crawler", flag()),
            entry("no_lru_crawler", flag()),
            entry(
                    "lru_crawler_sleep",
                    given(
                            "Missing lru_crawler_sleep value",
                            value -> outside(
                                    CNumbers.atoi(value),
                                    0,
                                    1_000_000,
                                    "LRU crawler sleep must be between 0 and 1 second"))),
            entry(
                    "lru_crawler_tocrawl",
                    given(
                            "Missing lru_crawler_tocrawl value",
                            value -> refusedIf(
                                    CNumbers.strictLong(value, 0, MAX_UINT32).isEmpty(),
                                    "lru_crawler_tocrawl takes a numeric 32bit value"))),
            entry("lru_maintainer", flag()),
            entry("no_lru_maintainer", flag()),
            entry(
                    "hot_lru_pct",
                    given(
                            "Missing hot_lru_pct argument",
                            value -> outside(CNumbers.atoi(value), 1, 79, "hot_lru_pct must be > 1 and < 80"))),
            entry(
                    "warm_lru_pct",
                    given(
                            "Missing warm_lru_pct argument",
                            value -> outside(CNumbers.atoi(value), 1, 79, "warm_lru_pct must be > 1 and < 80"))),
            entry(
                    "hot_max_factor",
                    given(
                            "Missing hot_max_factor argument",
                            value -> refusedIf(CNumbers.atof(value) <= 0, "hot_max_factor must be > 0"))),
            entry(
                    "warm_max_factor",
                    given(
                            "Missing warm_max_factor argument",
                            value -> refusedIf(CNumbers.atof(value) <= 0, "warm_max_factor must be > 0"))),
            entry("temporary_ttl", given("Missing temporary_ttl argument", value -> Optional.empty())),
            entry(
                    "idle_timeout",
                    given(
                            "Missing numeric argument for idle_timeout",
                            value -> refusedIf(CNumbers.atoi(value) < 0, "idle_timeout must be at least 0"))),
            entry("watcher_logbuf_size", parsed("watcher_logbuf_size", 0)),
            entry("worker_logbuf_size", parsed("worker_logbuf_size", 0)),
            entry("slab_sizes", flag()),
            entry("slab_chunk_max", given("Missing slab_chunk_max argument", ExtendedWords::slabChunkMax)),
            entry("track_sizes", flag()),
            entry("inline_ascii_resp", flag()),
            entry("no_inline_ascii_resp", flag()),
            entry("no_chunked_items", flag()),
            entry("modern", flag()),
            entry("no_modern", flag()),
            entry("drop_privileges", flag()),
            entry("no_drop_privileges", flag()),
            entry("relaxed_privileges", flag()),
            entry("resp_obj_mem_limit", flag()),
            entry("read_buf_mem_limit", parsed("read_buf_mem_limit", 0)),
            entry("sock_cookie_id", flag()),
            entry("proxy_uring", flag()),
            entry("proxy_memprofile", flag()),

            // TLS: TlsWords takes these.
            entry("ssl_chain_cert", given("Missing ssl_chain_cert argument", value -> Optional.empty())),
            entry("ssl_key", given("Missing ssl_key argument", value -> Optional.empty())),
            entry("ssl_verify_mode", parsed("ssl_verify_mode", Integer.MIN_VALUE)),
            entry("ssl_keyformat", parsed("ssl_keyformat", Integer.MIN_VALUE)),
            entry("ssl_ciphers", given("Missing ssl_ciphers argument", value -> Optional.empty())),
            entry("ssl_ca_cert", given("Missing ssl_ca_cert argument", value -> Optional.empty())),
            entry("ssl_wbuf_size", parsed("ssl_wbuf_size", 0)),
            entry("ssl_session_cache", flag()),
            entry("ssl_kernel_tls", flag()),
            entry("ssl_min_version", parsed("ssl_min_version", Integer.MIN_VALUE)),

            // External storage.
            entry(
                    "ext_path",
                    given(
                            "missing argument to ext_path, ie: ext_path=/d/file:5G",
                            value -> refusedIf(
                                    !value.matches(".+:[0-9]+[mMgGtTpP]?(:.*)?"),
                                    "failed to parse ext_path argument"))),
            entry("ext_page_size", parsed("ext_page_size", 0)),
            entry("ext_wbuf_size", parsed("ext_wbuf_size", 0)),
            entry("ext_threads", parsed("ext_threads", 0)),
            entry("ext_io_depth", parsed("ext_io_depth", 0)),
            entry("ext_item_size", parsed("ext_item_size", 0)),
            entry("ext_item_age", parsed("ext_item_age", 0)),
            entry("ext_low_ttl", parsed("ext_low_ttl", 0)),
            entry("ext_recache_rate", parsed("ext_recache_rate", 0)),
            entry("ext_compact_under", parsed("ext_compact_under", 0)),
            entry("ext_drop_under", parsed("ext_drop_under", 0)),
            entry("ext_max_sleep", parsed("ext_max_sleep", 0)),
            entry("ext_max_frag", number("ext_max_frag")),
            entry("ext_drop_unread", flag()));

    /** The words that a misspelt one may stand for: these, and those with a meaning here. */
    private static final List<String> KNOWN = Stream.concat(
                    WORDS.keySet().stream(),
                    Stream.of(
                            "proxy_config",
                            "proxy_arg",
                            "ssl_key_password_file",
                            "ssl_more_cert",
                            "ssl_handshake_timeout"))
            .toList();

    private ExtendedWords() {}

    /**
     * Checks one word.
     *
     * @param value what follows its {@code =}; a word that stands alone has none
     * @throws UsageException if memcached does not know the word, or refuses the value
     */
    static void check(String word, @Nullable String value) throws UsageException {
        Check check = WORDS.get(word);
        if (check == null) {
            String whole = value == null ? word : word + "=" + value;
            throw new UsageException(
                    ExitStatus.FAILURE, "Illegal suboption \"" + whole + "\"" + NearestName.hint(word, KNOWN));
        }
        Optional<String> problem = check.problem(value);
        if (problem.isPresent()) {
            throw new UsageException(ExitStatus.FAILURE, problem.get());
        }
    }

    /** Returns the warning about a word that memcached acts on and memroute does not. */
    static Optional<String> warning(String word) {
        return switch (word) {
            case "ext_path" ->
                Optional.of("-o ext_path: external storage is not supported; the embedded store uses memory only");
            case "drop_privileges" -> Optional.of("-o drop_privileges: not supported; use -u");
            default -> Optional.empty();
        };
    }

    private static Check flag() {
        return value -> Optional.empty();
    }

    private static Check given(String missing, ValueCheck check) {
        return value -> value == null ? Optional.of(missing) : check.problem(value);
    }

    private static Check parsed(String word, long least) {
        return given("Missing " + word + " argument", value -> unreadable(word, value, least));
    }

    private static Optional<String> unreadable(String word, String value, long least) {
        return refusedIf(
                CNumbers.strictLong(value, least, MAX_UINT32).isEmpty(), "could not parse argument to " + word);
    }

    private static Check number(String word) {
        return given(
                "Missing " + word + " argument",
                value -> refusedIf(CNumbers.strictDouble(value).isEmpty(), "could not parse argument to " + word));
    }

    private static Optional<String> refusedIf(boolean wrong, String text) {
        return wrong ? Optional.of(text) : Optional.empty();
    }

    private static Optional<String> outside(int value, int least, int most, String text) {
        return refusedIf(value < least || value > most, text);
    }

    private static Optional<String> hashpower(String value) {
        int power = CNumbers.atoi(value);
        if (power < 12) {
            return Optional.of("Initial hashtable multiplier of " + power + " is too low");
        }
        if (power > 32) {
            return Optional.of("Initial hashtable multiplier of " + power + " is too high\n"
                    + "Choose a value based on \"STAT hash_power_level\" from a running instance");
        }
        return Optional.empty();
    }

    private static Optional<String> slabChunkMax(String value) {
        Optional<String> unreadable = unreadable("slab_chunk_max", value, Integer.MIN_VALUE);
        if (unreadable.isPresent()) {
            return unreadable;
        }
        int kilobytes = CNumbers.atoi(value);
        if (kilobytes <= 0) {
            return Optional.of("slab_chunk_max must be >= 0");
        }
        return refusedIf(kilobytes > 1024, "slab_chunk_max must be specified in kilobytes.");
    }
}
