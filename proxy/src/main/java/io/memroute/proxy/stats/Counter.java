package io.memroute.proxy.stats;

/**
 * The counters of a worker. {@code docs/protocol.md} lists them with these names and meanings, as a test checks.
 *
 * @see "docs/reference/proxy-api.md section 7.4"
 */
public enum Counter {
    CURRENT_CONNECTIONS("curr_connections", "client connections open now"),
    TOTAL_CONNECTIONS("total_connections", "client connections accepted since the start"),
    IDLE_KICKS("idle_kicks", "client connections closed by the idle timeout"),
    REQUEST_TIMEOUTS("proxy_conn_slow", "client connections closed because a request took too long to arrive"),
    DEAD_CLIENTS("proxy_conn_dead", "client connections that the sweep found dead and closed"),
    AUTH_COMMANDS("auth_cmds", "pairs of user and password that clients have sent"),
    AUTH_ERRORS("auth_errors", "such pairs that were wrong"),
    ACCESS_DENIED("access_denied", "requests refused by the rules of access{}"),
    QUOTA_EXCEEDED("quota_exceeded", "requests above a limit of quotas{}"),
    BYTES_READ("bytes_read", "bytes received from clients"),
    BYTES_WRITTEN("bytes_written", "bytes sent to clients"),
    REQUESTS("proxy_conn_requests", "requests given to a route; each key of a multi-key get counts"),
    REQUEST_ERRORS("proxy_conn_errors", "malformed, unknown and overlong requests"),
    OUT_OF_MEMORY("proxy_conn_oom", "values and replies refused by the buffer memory limit"),
    CLOSED_FOR_MEMORY(
            "proxy_conn_oom_closed", "clients that did not read and were closed because buffer memory was needed"),
    ACTIVE_REQUESTS(
            "proxy_req_active",
            "requests under way: their reply, or the reply to something sent for them, is outstanding"),
    ACTIVE_LIMIT_REFUSALS("proxy_req_limited", "requests refused by the active request limit"),
    BACKEND_MARKED_BAD("proxy_backend_marked_bad", "times a backend connection was marked bad"),
    BACKEND_RECONNECTS("proxy_backend_failed", "backend connections lost and reconnected at once"),
    DEPTH_LIMIT_REFUSALS("proxy_request_failed_depth", "requests refused because a backend's queue was full"),
    BACKEND_COMMANDS("proxy_backend_commands", "command lines written to backends"),
    MERGED_GETS("proxy_backend_merged_gets", "gets sent in the command line of the get before them"),
    ERRORS_AS_MISSES(
            "proxy_errors_as_misses",
            "gets that a server failed to answer, answered with a miss because of miss_on_error"),
    BUFFER_MEMORY("buffer_memory_used", "bytes of values and replies held for requests under way");

    private final String statName;
    private final String meaning;

    Counter(String statName, String meaning) {
        this.statName = statName;
        this.meaning = meaning;
    }

    /** The name in {@code stats}. */
    public String statName() {
        return statName;
    }

    /** The meaning, as the documentation gives it. */
    public String meaning() {
        return meaning;
    }
}
