package io.memroute.app.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.memroute.app.options.ServerArguments.Action;
import io.memroute.proxy.ListenerSpec;
import io.memroute.proxy.ListenerSpec.Protocol;
import io.memroute.proxy.ServerOptions;
import io.memroute.proxy.Transport;
import io.memroute.proxy.client.time.ClientTimes;
import io.memroute.proxy.config.library.ConfigSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** memcached's command line, option by option. */
class ServerArgumentsTest {

    @Test
    void startsAPlainServerOnTheUsualPortWithoutOptions() throws Exception {
        ServerOptions options = parse("-v").serverOptions();
        assertThat(options.listeners())
                .containsExactly(new ListenerSpec("", Protocol.ASCII, new InetSocketAddress(11211)));
        assertThat(options.configuration()).isEmpty();
        assertThat(options.workers()).isEqualTo(4);
        assertThat(options.maxConnections()).isEqualTo(1024);
        assertThat(options.storeBytes()).isEqualTo(64 << 20);
        assertThat(options.itemSizeLimitBytes()).isEqualTo(1 << 20);
        assertThat(options.unixSocketMask()).isEqualTo(0700);
        assertThat(options.allowShutdown()).isFalse();
        assertThat(options.allowFlushAll()).isTrue();
        assertThat(options.transport()).isEqualTo(Transport.AUTO);
    }

    @Test
    void readsTheCommandLineOfAMemcachedProxy() throws Exception {
        ServerArguments arguments =
                parse("-p 11311 -l 127.0.0.1 -s /tmp/memroute.sock -t 2 -c 500 -R 3000 -v -m 100 -I 2m -a 770 "
                        + "-U 0 -u nobody -d -P /tmp/memroute.pid -A -o "
                        + "proxy_config=routelib,proxy_arg=/etc/memroute.lua "
                        + "-o relaxed_privileges");
        ServerOptions options = arguments.serverOptions();
        assertThat(options.listeners())
                .containsExactlyInAnyOrder(
                        new ListenerSpec("", Protocol.PROXY, UnixDomainSocketAddress.of("/tmp/memroute.sock")),
                        new ListenerSpec("", Protocol.PROXY, new InetSocketAddress("127.0.0.1", 11311)));
        assertThat(options.configuration())
                .contains(new ConfigSource(List.of("routelib"), Optional.of("/etc/memroute.lua")));
        assertThat(options.workers()).isEqualTo(2);
        assertThat(options.maxConnections()).isEqualTo(500);
        assertThat(options.requestsInFlight()).isEqualTo(3000);
        assertThat(options.verbosity()).isEqualTo(1);
        assertThat(options.storeBytes()).isEqualTo(100 << 20);
        assertThat(options.itemSizeLimitBytes()).isEqualTo(2 << 20);
        assertThat(options.unixSocketMask()).isEqualTo(0770);
        assertThat(options.allowShutdown()).isTrue();
        assertThat(arguments.user()).contains("nobody");
        assertThat(arguments.daemon()).isTrue();
        assertThat(arguments.pidFile()).contains(Path.of("/tmp/memroute.pid"));
        assertThat(arguments.warnings()).isEmpty();
    }

    @Test
    void forbidsFlushAll() throws Exception {
        assertThat(parse("-F").serverOptions().allowFlushAll()).isFalse();
        assertThat(parse("--disable-flush-all").serverOptions().allowFlushAll()).isFalse();
    }

    @Test
    void readsHowLongClientsMayTake() throws Exception {
        assertThat(parse("-v").serverOptions().clientTimes()).isEqualTo(new ClientTimes(0, 30));
        assertThat(parse("-o idle_timeout=300 --request-timeout 5")
                        .serverOptions()
                        .clientTimes())
                .isEqualTo(new ClientTimes(300, 5));
        assertThat(parse("-v").serverOptions().drainDelay()).isZero();
        assertThat(parse("--drain-delay 7").serverOptions().drainDelay()).hasSeconds(7);
        assertThat(parse("--drain-timeout 2").serverOptions().drainTimeout()).hasSeconds(2);
        assertThat(parse("--request-timeout=0").serverOptions().clientTimes().requestSeconds())
                .isZero();
    }

    @Test
    void forbidsWatching() throws Exception {
        assertThat(parse("-v").serverOptions().allowWatch()).isTrue();
        assertThat(parse("-W").serverOptions().allowWatch()).isFalse();
        assertThat(parse("--disable-watch").serverOptions().allowWatch()).isFalse();
    }

    @Test
    void sizesTheBuffersOfWatchersInKilobytes() throws Exception {
        assertThat(parse("-v").serverOptions().watcherBufferBytes()).isEqualTo(256 << 10);
        assertThat(parse("-o watcher_logbuf_size=64").serverOptions().watcherBufferBytes())
                .isEqualTo(64 << 10);
        assertThat(parse("-o watcher_logbuf_size=4294967295").serverOptions().watcherBufferBytes())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void readsTheLongNames() throws Exception {
        ServerArguments arguments =
                parse("--port=11311 --listen 127.0.0.1 --threads=2 --conn-limit=500 --max-reqs-per-event=20 "
                        + "--verbose --memory-limit=100 --max-item-size=512k --unix-mask=770 --udp-port=0 "
                        + "--user=nobody --daemon "
                        + "--pidfile=/tmp/p --enable-shutdown --transport=nio --extended proxy_config=a.lua:b.lua");
        ServerOptions options = arguments.serverOptions();
        assertThat(options.listeners())
                .containsExactly(new ListenerSpec("", Protocol.PROXY, new InetSocketAddress("127.0.0.1", 11311)));
        assertThat(options.configuration()).contains(new ConfigSource(List.of("a.lua", "b.lua"), Optional.empty()));
        assertThat(options.itemSizeLimitBytes()).isEqualTo(512 << 10);
        assertThat(options.requestsInFlight()).as("what -R 20 asks for").isEqualTo(1024);
        assertThat(options.transport()).isEqualTo(Transport.NIO);
        assertThat(options.workers()).isEqualTo(2);
        assertThat(arguments.daemon()).isTrue();
    }

    @Test
    void readsLettersClusteredAttachedAndApart() throws Exception {
        assertThat(parse("-vvAp11311").serverOptions().verbosity()).isEqualTo(2);
        assertThat(parse("-vvAp11311").serverOptions().allowShutdown()).isTrue();
        assertThat(parse("-vvAp11311").port()).contains(11311);
        assertThat(parse("-v -v -v").verbosity()).isEqualTo(3);
        assertThat(ServerArguments.parse("memroute", List.of("-p", "  11311")).port())
                .contains(11311);
        assertThat(parse("--verb --thr=3").serverOptions().workers()).isEqualTo(3);
    }

    @Test
    void runTakesTheConfigurationFileAmongTheOptions() throws Exception {
        ServerArguments arguments = ServerArguments.parseRun("memroute", List.of("-p", "11311", "memroute.lua", "-v"));
        assertThat(arguments.serverOptions().configuration()).contains(ConfigSource.ofFile("memroute.lua"));
        assertThat(arguments.port()).contains(11311);
        assertThat(arguments.verbosity()).isEqualTo(1);
        assertThat(ServerArguments.parseRun("memroute", List.of("--help")).action())
                .isEqualTo(Action.HELP);
    }

    @ParameterizedTest(name = "run {0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "-v                          | run needs a configuration file: memroute run FILE [options]",
                "a.lua b.lua                 | unexpected argument \"b.lua\"",
                "a.lua -o proxy_config=b.lua | run loads a.lua; leave out -o proxy_config and proxy_arg, "
                        + "or leave out run",
                "a.lua -o proxy_arg=b.lua    | run loads a.lua; leave out -o proxy_config and proxy_arg, "
                        + "or leave out run",
            })
    void runRefusesToGuessTheConfigurationFile(String line, String message) {
        UsageException refusal = catchThrowableOfType(
                UsageException.class, () -> ServerArguments.parseRun("memroute", List.of(line.split(" +"))));
        assertThat(refusal).hasMessage(message);
        assertThat(refusal.exitStatus()).isEqualTo(64);
    }

    @Test
    void gathersListenersFromEveryList() throws Exception {
        assertThat(parse("-l 127.0.0.1,tag_b_:127.0.0.1:11312 -l c:127.0.0.1:11313;127.0.0.1 -p "
                                + "11311 -o proxy_config=x.lua")
                        .serverOptions()
                        .listeners())
                .containsExactly(
                        new ListenerSpec("", Protocol.PROXY, new InetSocketAddress("127.0.0.1", 11311)),
                        new ListenerSpec("b", Protocol.PROXY, new InetSocketAddress("127.0.0.1", 11312)),
                        new ListenerSpec("c", Protocol.PROXY, new InetSocketAddress("127.0.0.1", 11313)));
    }

    @Test
    void listensWithTheProtocolForcedOnOneElement() throws Exception {
        assertThat(parse("-l proto[ascii]:127.0.0.1:1,127.0.0.1:2 -o proxy_config=x.lua")
                        .serverOptions()
                        .listeners())
                .extracting(ListenerSpec::protocol)
                .containsExactly(Protocol.ASCII, Protocol.PROXY);
    }

    @Test
    void listensOnEveryAddressOfAName() throws Exception {
        assertThat(parse("-l localhost:11311").serverOptions().listeners())
                .extracting(ListenerSpec::address)
                .isEqualTo(List.of(InetAddress.getAllByName("localhost")).stream()
                        .map(address -> new InetSocketAddress(address, 11311))
                        .distinct()
                        .toList());
    }

    @Test
    void reportsANameWithoutAnAddress() throws Exception {
        ServerArguments arguments = parse("-l no-such-host.invalid");
        UsageException refusal = catchThrowableOfType(UsageException.class, arguments::serverOptions);
        assertThat(refusal)
                .hasMessage(
                        "failed to listen on one of interface(s) no-such-host.invalid: no address known for this name");
        assertThat(refusal.exitStatus()).isEqualTo(71);
    }

    @Test
    void opensOnlyTheUnixSocketUnlessTcpIsAskedForToo() throws Exception {
        ListenerSpec unix = new ListenerSpec("", Protocol.ASCII, UnixDomainSocketAddress.of("/tmp/x"));
        assertThat(parse("-s /tmp/x").serverOptions().listeners()).containsExactly(unix);
        assertThat(parse("-s /tmp/x -p 0").serverOptions().listeners()).containsExactly(unix);
        assertThat(parse("-s /tmp/x -p 11311").serverOptions().listeners()).hasSize(2);
        assertThat(parse("-s /tmp/x -l 127.0.0.1").serverOptions().listeners()).hasSize(2);
    }

    @Test
    void takesAnyFreePortForMinusOne() throws Exception {
        assertThat(parse("-p -1").serverOptions().listeners())
                .extracting(ListenerSpec::address)
                .containsExactly(new InetSocketAddress(0));
    }

    @Test
    void answersWhatIsOnlyAskedBeforeLookingFurther() throws Exception {
        assertThat(parse("-V --no-such-option").action()).isEqualTo(Action.VERSION);
        assertThat(parse("-h").action()).isEqualTo(Action.HELP);
        assertThat(parse("--help").action()).isEqualTo(Action.HELP);
        assertThat(parse("-i").action()).isEqualTo(Action.LICENSE);
        assertThat(parse("-p 11311 --version").action()).isEqualTo(Action.VERSION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-M",
                "-k",
                "-r",
                "-f 1.5",
                "-n 64",
                "-L",
                "-D :",
                "-C",
                "-b 2048",
                "-X",
                "-B ascii",
                "-B auto",
                "-U 11211",
                "--disable-evictions",
                "--lock-memory",
                "--enable-coredumps",
                "--slab-growth-factor=1.1",
                "--slab-min-size=48",
                "--enable-largepages",
                "--disable-cas",
                "--listen-backlog=10",
                "--disable-dumping",
                "--protocol=auto",
                "--udp-port=11211",
                "-t 65",
                "-o maxconns_fast,no_maxconns_fast,hashpower=16,no_hashexpand,slab_reassign,slab_automove,"
                        + "slab_automove=2",
                "-o slab_automove_ratio=0.9,slab_automove_window=30,slab_automove_freeratio=0.01,tail_repair_time=10",
                "-o hash_algorithm=jenkins,hash_algorithm=murmur3,hash_algorithm=xxh3,lru_crawler,no_lru_crawler",
                "-o lru_crawler_sleep=100,lru_crawler_tocrawl=1000,lru_maintainer,no_lru_maintainer,"
                        + "hot_lru_pct=20,warm_lru_pct=40",
                "-o hot_max_factor=0.2,warm_max_factor=2,temporary_ttl=61,idle_timeout=60,worker_logbuf_size=64",
                "-o slab_sizes=100-200,slab_chunk_max=512,track_sizes,inline_ascii_resp,"
                        + "no_inline_ascii_resp,no_chunked_items",
                "-o no_slab_reassign,no_slab_automove,modern,no_modern,drop_privileges,no_drop_privileges,"
                        + "relaxed_privileges",
                "-o resp_obj_mem_limit=1,read_buf_mem_limit=16,sock_cookie_id=1,proxy_uring,proxy_memprofile",
                "-o ssl_chain_cert=a,ssl_key=b,ssl_verify_mode=1,ssl_keyformat=1,ssl_ciphers=c,"
                        + "ssl_ca_cert=d,ssl_wbuf_size=16",
                "-o ssl_session_cache,ssl_kernel_tls,ssl_min_version=2",
                "-o ext_path=/tmp/file:64m,ext_page_size=8,ext_wbuf_size=2,ext_threads=1,ext_io_depth=1,"
                        + "ext_item_size=512",
                "-o ext_item_age=2,ext_low_ttl=60,ext_recache_rate=10,ext_compact_under=2,"
                        + "ext_drop_under=2,ext_max_sleep=1000",
                "-o ext_max_frag=0.8,ext_drop_unread",
            })
    void acceptsWhatHasNothingToActOnHere(String line) throws Exception {
        assertThat(parse(line).action()).isEqualTo(Action.SERVE);
        assertThat(parse(line).serverOptions().configuration()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "-U 11211              | -U 11211: UDP is not supported",
                "-M                    | -M: the embedded store always evicts when it is full",
                "-k                    | -k: memory is not locked",
                "-t 65                 | -t 65: more workers than processors are slower, not faster",
                "-o ext_path=/tmp/x:5G | -o ext_path: external storage is not supported; the embedded store "
                        + "uses memory only",
                "-o drop_privileges    | -o drop_privileges: not supported; use -u",
            })
    void warnsAboutWhatMemcachedWouldDoAndMemrouteDoesNot(String line, String warning) throws Exception {
        assertThat(parse(line).warnings()).containsExactly(warning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--admin 127.0.0.2:0",
                "--admin ./admin.sock",
                "--admin 0.0.0.0:0 --admin-open",
                "--admin 0.0.0.0:0 --admin-cert chain:key",
                "--admin 0.0.0.0:0 --admin-passwords file",
            })
    void letsTheAdminListenerBeWhereItIsProtected(String line) throws Exception {
        assertThat(parse(line).admin()).isPresent();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                // getopt's messages
                "-y                              | 1  | memroute: invalid option -- 'y'",
                "-vy                             | 1  | memroute: invalid option -- 'y'",
                "-p                              | 1  | memroute: option requires an argument -- 'p'",
                "--no-such-option                | 1  | memroute: unrecognized option '--no-such-option'; "
                        + "memroute -h lists the options",
                "--adimn=./a.sock                | 1  | memroute: unrecognized option '--adimn' (did you "
                        + "mean \"--admin\"?)",
                "--threads=4 --ports=1           | 1  | memroute: unrecognized option '--ports' (did you "
                        + "mean \"--port\"?)",
                "-o proxy_confg=routelib         | 1  | Illegal suboption \"proxy_confg=routelib\" (did "
                        + "you mean \"proxy_config\"?)",
                "--port                          | 1  | memroute: option '--port' requires an argument",
                "--daemon=yes                    | 1  | memroute: option '--daemon' doesn't allow an argument",
                "--li                            | 1  | memroute: option '--li' is ambiguous; "
                        + "possibilities: '--listen' '--license' '--listen-backlog'",
                "--admin 0.0.0.0:0               | 64 | --admin: other machines can reach this address; use "
                        + "--admin-cert, --admin-passwords or --admin-open",
                "--admin-passwords f             | 64 | --admin-cert and --admin-passwords need --admin ADDRESS",
                // single options
                "-c 0                            | 1  | Maximum connections must be greater than 0",
                "-c many                         | 1  | Maximum connections must be greater than 0",
                "-R 0                            | 1  | Number of requests per event must be greater than 0",
                "-t 0                            | 1  | Number of threads must be greater than 0",
                "-t -1                           | 1  | Number of threads must be greater than 0",
                "-f 1                            | 1  | Factor must be greater than 1",
                "-f x                            | 1  | Factor must be greater than 1",
                "-n 0                            | 1  | Chunk size must be greater than 0",
                "-p 65536                        | 64 | ERROR: Invalid port number 65536.",
                "-p http                         | 64 | ERROR: Invalid port number http.",
                "-a 9                            | 64 | -a 9: an access mask is octal, such as 700",
                "--transport=tcp                 | 64 | no transport named \"tcp\"; expected auto, "
                        + "io_uring, epoll, kqueue or nio",
                "-B tcp                          | 64 | Invalid value for binding protocol: tcp\\n -- "
                        + "should be one of auto, binary, or ascii",
                "-B binary                       | 64 | -B binary: this server does not speak the binary protocol",
                "-Z                              | 64 | -Z needs a certificate and its key: "
                        + "-o ssl_chain_cert=FILE,ssl_key=FILE",
                "-Z -o ssl_chain_cert=a -p 0 -s s | 64 | ERROR: You cannot enable SSL without a TCP port.",
                "-Z -o ssl_chain_cert=a,ssl_verify_mode=2 | 64 | -o ssl_verify_mode=2 needs ssl_ca_cert=FILE to verify "
                        + "clients",
                "-Z -o ssl_chain_cert=a -l mtls:127.0.0.1 | 64 | mtls: listeners need -o ssl_ca_cert=FILE to verify "
                        + "clients",
                "-o ssl_verify_mode=4            | 1  | Invalid ssl_verify_mode. Use help to see valid options.",
                "-o ssl_min_version=4            | 1  | Invalid ssl_min_version. Use help to see valid options.",
                "-o ssl_keyformat=3              | 1  | ssl_keyformat 3: expected 1 (PEM) or 2 (DER)",
                "-o ssl_more_cert                | 1  | Missing ssl_more_cert argument",
                "-S                              | 64 | This server is not built with SASL support.",
                "-Y /etc/passwords -U 11211      | 64 | Cannot use UDP with ascii authentication enabled "
                        + "(-U 0 to disable)",
                "-e /mnt/ram/file                | 64 | -e /mnt/ram/file: the embedded store lives in "
                        + "memory only and cannot be restarted from a file",
                "-N 1                            | 1  | -N <num_napi_ids> option not supported",
                // the whole
                "-I 1023                         | 64 | Item max size cannot be less than 1024 bytes.",
                "-I 33m                          | 64 | Cannot set item size limit higher than 1/2 of memory max.",
                "-I 1025m -m 4096                | 64 | Cannot set item size limit higher than a gigabyte.",
                "-m 1                            | 64 | Cannot set item size limit higher than 1/2 of memory max.",
                "-p 0                            | 64 | nothing to listen on: -p 0 and no -s",
                "-v 11211                        | 64 | unexpected argument \"11211\"",
                "-o proxy_config=a, proxy_arg=b  | 64 | unexpected argument \"proxy_arg=b\"",
                // the proxy: docs/reference/proxy-api.md section 1.1
                "-o proxy_config                 | 1  | Missing proxy_config file argument",
                "-o proxy_config=                | 1  | Missing proxy_config file argument",
                "-o proxy_arg                    | 1  | Missing proxy_arg argument",
                "-B ascii -o proxy_config=a      | 1  | Cannot specify a protocol with proxy mode enabled",
                "-o proxy_config=a -B auto       | 1  | Cannot specify a protocol with proxy mode enabled",
                "-l proto[proxy]:127.0.0.1       | 71 | Proxy must be enabled to use: \"proto[proxy]:127.0.0.1\"",
                // the other words of -o
                "-o no_such_word                 | 1  | Illegal suboption \"no_such_word\"",
                "-o no_such_word=1,modern        | 1  | Illegal suboption \"no_such_word=1\"",
                "-o hashpower                    | 1  | Missing numeric argument for hashpower",
                "-o hashpower=11                 | 1  | Initial hashtable multiplier of 11 is too low",
                "-o hashpower=33                 | 1  | Initial hashtable multiplier of 33 is too "
                        + "high\\nChoose a value based on \"STAT hash_power_level\" from a running instance",
                "-o slab_automove=3              | 1  | slab_automove must be between 0 and 2",
                "-o slab_automove_ratio          | 1  | Missing slab_automove_ratio argument",
                "-o slab_automove_ratio=2        | 1  | slab_automove_ratio must be > 0 and < 1",
                "-o slab_automove_window         | 1  | Missing slab_automove_window argument",
                "-o slab_automove_window=2       | 1  | slab_automove_window must be > 2 and < 1800",
                "-o slab_automove_freeratio      | 1  | Missing slab_automove_freeratio argument",
                "-o slab_automove_freeratio=x    | 1  | could not parse argument to slab_automove_freeratio",
                "-o tail_repair_time             | 1  | Missing numeric argument for tail_repair_time",
                "-o tail_repair_time=9           | 1  | Cannot set tail_repair_time to less than 10 seconds",
                "-o hash_algorithm               | 1  | Missing hash_algorithm argument",
                "-o hash_algorithm=md5           | 1  | Unknown hash_algorithm option (jenkins, murmur3, xxh3)",
                "-o lru_crawler_sleep            | 1  | Missing lru_crawler_sleep value",
                "-o lru_crawler_sleep=1000001    | 1  | LRU crawler sleep must be between 0 and 1 second",
                "-o lru_crawler_tocrawl          | 1  | Missing lru_crawler_tocrawl value",
                "-o lru_crawler_tocrawl=all      | 1  | lru_crawler_tocrawl takes a numeric 32bit value",
                "-o hot_lru_pct                  | 1  | Missing hot_lru_pct argument",
                "-o hot_lru_pct=80               | 1  | hot_lru_pct must be > 1 and < 80",
                "-o warm_lru_pct                 | 1  | Missing warm_lru_pct argument",
                "-o warm_lru_pct=0               | 1  | warm_lru_pct must be > 1 and < 80",
                "-o hot_max_factor               | 1  | Missing hot_max_factor argument",
                "-o hot_max_factor=0             | 1  | hot_max_factor must be > 0",
                "-o warm_max_factor              | 1  | Missing warm_max_factor argument",
                "-o warm_max_factor=-1           | 1  | warm_max_factor must be > 0",
                "-o temporary_ttl                | 1  | Missing temporary_ttl argument",
                "-o idle_timeout                 | 1  | Missing numeric argument for idle_timeout",
                "-o idle_timeout=-1              | 1  | idle_timeout must be at least 0",
                "--drain-delay=soon              | 64 | --drain-delay soon: expected a number of seconds, or 0 "
                        + "for none",
                "--drain-timeout=soon            | 64 | --drain-timeout soon: expected a number of "
                        + "seconds, or 0 for not at all",
                "--request-timeout=soon          | 64 | --request-timeout soon: expected a number of "
                        + "seconds, or 0 for no limit",
                "-o watcher_logbuf_size          | 1  | Missing watcher_logbuf_size argument",
                "-o watcher_logbuf_size=x        | 1  | could not parse argument to watcher_logbuf_size",
                "-o worker_logbuf_size           | 1  | Missing worker_logbuf_size argument",
                "-o worker_logbuf_size=-1        | 1  | could not parse argument to worker_logbuf_size",
                "-o slab_chunk_max               | 1  | Missing slab_chunk_max argument",
                "-o slab_chunk_max=x             | 1  | could not parse argument to slab_chunk_max",
                "-o slab_chunk_max=0             | 1  | slab_chunk_max must be >= 0",
                "-o slab_chunk_max=1025          | 1  | slab_chunk_max must be specified in kilobytes.",
                "-o read_buf_mem_limit           | 1  | Missing read_buf_mem_limit argument",
                "-o read_buf_mem_limit=x         | 1  | could not parse argument to read_buf_mem_limit",
                "-o ssl_chain_cert               | 1  | Missing ssl_chain_cert argument",
                "-o ssl_verify_mode=x            | 1  | could not parse argument to ssl_verify_mode",
                "-o ext_path                     | 1  | missing argument to ext_path, ie: ext_path=/d/file:5G",
                "-o ext_path=/tmp/x              | 1  | failed to parse ext_path argument",
                "-o ext_page_size                | 1  | Missing ext_page_size argument",
                "-o ext_max_frag=x               | 1  | could not parse argument to ext_max_frag",
            })
    void refusesWithMemcachedsTextAndStatus(String line, int status, String message) {
        UsageException refusal = catchThrowableOfType(UsageException.class, () -> parse(line));
        assertThat(refusal).hasMessage(message.replace("\\n", "\n"));
        assertThat(refusal.exitStatus()).isEqualTo(status);
    }

    @Test
    void helpNamesWhatHarnessesLookForAndNotWhatIsMissing() {
        assertThat(HelpText.options())
                .contains("--unix-socket=<file>", "proxy_config=LIST", "--port=<num>", "-U, --udp-port", "enable-ssl")
                .doesNotContain("ext_path", "no_drop_privileges")
                .doesNotContainIgnoringCase("sasl");
    }

    private static ServerArguments parse(String line) throws UsageException {
        return ServerArguments.parse("memroute", List.of(line.split(" +")));
    }
}
