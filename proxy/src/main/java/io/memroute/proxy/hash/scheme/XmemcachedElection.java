package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.hash.HashFunction;
import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.proxy.hash.Weights;
import io.memroute.proxy.hash.function.Md5;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.stream.IntStream;

/**
 * XMemcached's election: each server has as many candidates as its weight says. The one whose text, joined with the
 * key's, hashes highest wins, the first of equals.
 */
final class XmemcachedElection implements KeyLocator {

    static final Scheme SCHEME = Scheme.named("xmemcached-election")
            .hash("election", HashFunction.MD5)
            .weights(Weights.CANDIDATES)
            .byNameAndAddress()
            .by((servers, hash, seed) -> new XmemcachedElection(servers));

    /** The text of each candidate, which the key follows. */
    private final byte[][] texts;
    /** The server of each candidate. */
    private final int[] places;

    private XmemcachedElection(List<ServerName> servers) {
        places = IntStream.range(0, servers.size())
                .flatMap(server ->
                        IntStream.range(0, (int) servers.get(server).weight()).map(i -> server))
                .toArray();
        texts = servers.stream()
                .flatMap(server -> IntStream.range(0, (int) server.weight())
                        .mapToObj(i -> ServerText.SLASH_HOST_PORT.of(server) + "-" + i))
                .map(text -> text.getBytes(UTF_8))
                .toArray(byte[][]::new);
    }

    @Override
    public int place(ByteBuf key, int index, int length) {
        return places[winner(key, index, length)];
    }

    @Override
    public long hash(ByteBuf key, int index, int length) {
        return Md5.hash(texts[winner(key, index, length)], key, index, length);
    }

    private int winner(ByteBuf key, int index, int length) {
        int winner = 0;
        long highest = 0;
        for (int candidate = 0; candidate < texts.length; candidate++) {
            long score = Md5.hash(texts[candidate], key, index, length);
            if (score > highest) {
                highest = score;
                winner = candidate;
            }
        }
        return winner;
    }
}
