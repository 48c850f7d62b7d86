package io.memroute.proxy.hash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The rows of {@code hash-vectors.tsv}, which were computed with memcached's own hash sources. */
final class HashVectors {

    private static final String NONE = "-";

    private HashVectors() {}

    record Row(
            String kind,
            String dist,
            String omode,
            int obuckets,
            String hash,
            String seed,
            String filter,
            String filterConf,
            int servers,
            int port,
            String key,
            String hashedPart,
            long hash64,
            int place) {

        static Row of(String line) {
            String[] column = line.split("\t", -1);
            return new Row(
                    column[0],
                    column[1],
                    column[2],
                    Integer.parseInt(column[3]),
                    column[4],
                    column[5],
                    column[6],
                    column[7],
                    Integer.parseInt(column[8]),
                    Integer.parseInt(column[9]),
                    column[10],
                    column[11],
                    Long.parseUnsignedLong(column[12], 16),
                    Integer.parseInt(column[13]));
        }

        KeySelection selection() {
            return new KeySelection(
                    hash.equals("md5") ? HashFunction.MD5 : HashFunction.XXH3,
                    seed.equals(NONE) ? Optional.empty() : Optional.of(seed.equals("\"\"") ? "" : seed),
                    filter.equals(NONE)
                            ? Optional.empty()
                            : Optional.of(new KeyFilter(KeyFilter.Kind.valueOf(filter.toUpperCase()), filterConf)),
                    distribution());
        }

        Distribution distribution() {
            return switch (dist) {
                case "jump" -> new Distribution.Jump();
                case "ring" -> new Distribution.RingOf(RingMode.valueOf(omode.toUpperCase()), obuckets);
                // The C module of memcached-proxylibs, given the address as host name, is the evcache mode.
                case "proxylibs_ketama_hostname_eq_addr" -> new Distribution.RingOf(RingMode.EVCACHE, obuckets);
                default -> throw new IllegalArgumentException(dist);
            };
        }

        List<ServerName> serverNames() {
            return IntStream.rangeClosed(1, servers)
                    .mapToObj(i -> new ServerName("10.0.0." + i, port))
                    .toList();
        }
    }

    static List<Row> all() {
        try (var in = HashVectors.class.getResourceAsStream("/hash-vectors.tsv");
                var reader = new BufferedReader(new InputStreamReader(in, UTF_8))) {
            return reader.lines().skip(1).map(Row::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Row> ofKind(String kind) {
        return all().stream().filter(row -> row.kind().equals(kind)).toList();
    }
}
