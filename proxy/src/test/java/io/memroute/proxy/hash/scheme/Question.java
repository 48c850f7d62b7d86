package io.memroute.proxy.hash.scheme;

import io.memroute.proxy.hash.Distribution;
import io.memroute.proxy.hash.KeyDistributor;
import io.memroute.proxy.hash.KeySelection;
import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A pool of servers, and the way to place keys in it.
 *
 * @param hash the scheme's name of a key hash
 * @param seed {@code ""} for none
 */
record Question(Scheme scheme, String hash, String seed, List<ServerName> servers) {

    /** As oracles read it, and as the file of vectors has it. */
    String line() {
        return scheme.name() + "\t" + hash + "\t"
                + servers.stream().map(Question::shown).collect(Collectors.joining("\t"));
    }

    private static String shown(ServerName server) {
        double weight = server.weight();
        return server.host() + ":" + server.port() + ":"
                + (weight == Math.rint(weight) ? Long.toString((long) weight) : Double.toString(weight)) + ":"
                + server.name().orElse("");
    }

    static Question of(String line) {
        String[] words = line.split("\t", -1);
        Scheme scheme = Schemes.named(words[0]).orElseThrow(() -> new IllegalArgumentException(line));
        return new Question(
                scheme,
                words[1],
                "",
                Arrays.stream(words).skip(2).map(Question::server).toList());
    }

    private static ServerName server(String text) {
        String[] parts = text.split(":", 4);
        return new ServerName(
                parts[0],
                Integer.parseInt(parts[1]),
                Optional.of(parts[3]).filter(name -> !name.isEmpty()),
                Double.parseDouble(parts[2]));
    }

    KeyDistributor distributor() {
        return KeyDistributor.of(
                new KeySelection(
                        scheme.hashes().get(hash),
                        Optional.of(seed).filter(text -> !text.isEmpty()),
                        Optional.empty(),
                        new Distribution.SchemeOf(scheme)),
                servers);
    }

    /** The places of all keys. */
    int[] places(List<byte[]> keys) {
        KeyDistributor distributor = distributor();
        int[] places = new int[keys.size()];
        for (int i = 0; i < places.length; i++) {
            ByteBuf key = Unpooled.wrappedBuffer(keys.get(i));
            places[i] = distributor.select(key, 0, key.readableBytes());
        }
        return places;
    }
}
