package io.memroute.proxy.discovery;

import java.util.Locale;
import java.util.Optional;

/**
 * The text by which a pool names a source in the place of a server, such as {@code dnssrv+_memcache._tcp.cache.test}.
 *
 * @param where what follows the prefix
 */
public record SourceAddress(Kind kind, String where) {

    /** The kinds of sources, with their prefixes. */
    public enum Kind {
        /** A file: Prometheus' file_sd, or a plain list. */
        FILE,
        /** The addresses of a name. */
        DNS,
        /** The targets of an SRV record, with their addresses. */
        DNSSRV,
        /** The targets of an SRV record by their names ("no addresses"). */
        DNSSRVNOA,
        /** A list by HTTP: Prometheus' http_sd. */
        HTTP,
        /** The nodes of a cluster, as a memcached server of ElastiCache or Memorystore tells them. */
        ELASTICACHE,
        /** The endpoints of a Kubernetes service. */
        K8S;

        /** The prefix of addresses, with its plus sign. */
        public String prefix() {
            return name().toLowerCase(Locale.ROOT) + '+';
        }
    }

    /** The source that the text names; empty if it begins with no kind's prefix. */
    public static Optional<SourceAddress> parse(String text) {
        for (Kind kind : Kind.values()) {
            if (text.startsWith(kind.prefix())) {
                return Optional.of(
                        new SourceAddress(kind, text.substring(kind.prefix().length())));
            }
        }
        return Optional.empty();
    }

    /** The text as a configuration has it. */
    @Override
    public String toString() {
        return kind.prefix() + where;
    }
}
