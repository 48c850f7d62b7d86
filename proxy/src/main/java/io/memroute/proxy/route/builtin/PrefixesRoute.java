package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.route.Route;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Sends keys to the child of the longest prefix that they begin with. */
public final class PrefixesRoute implements Route {

    private final Route[] children;
    private final Choice choice;

    /** @param children one for each prefix of the choice, and one for all other keys */
    public PrefixesRoute(Route[] children, Choice choice) {
        this.children = children;
        this.choice = choice;
    }

    @Override
    public void start(Call call) {
        children[choice.select(call.request())].start(call);
    }

    /** The choice by prefixes. Immutable. */
    public static final class Choice {

        /** The longest first. */
        private final byte[][] prefixes;

        /** The places of these in the list that this was made of. */
        private final int[] places;

        public Choice(List<String> prefixes) {
            byte[][] bytes = prefixes.stream()
                    .map(prefix -> prefix.getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
            places = IntStream.range(0, bytes.length)
                    .boxed()
                    .sorted(Comparator.comparingInt((Integer place) -> bytes[place].length)
                            .reversed())
                    .mapToInt(Integer::intValue)
                    .toArray();
            this.prefixes =
                    Arrays.stream(places).mapToObj(place -> bytes[place]).toArray(byte[][]::new);
        }

        /** Returns the place of the prefix that decides, or how many there are if none does. */
        public int select(Request request) {
            for (int i = 0; i < prefixes.length; i++) {
                if (begins(request, prefixes[i])) {
                    return places[i];
                }
            }
            return prefixes.length;
        }

        private static boolean begins(Request request, byte[] prefix) {
            if (request.keyLength() < prefix.length) {
                return false;
            }
            ByteBuf buffer = request.buffer();
            int key = request.keyIndex();
            for (int i = 0; i < prefix.length; i++) {
                if (buffer.getByte(key + i) != prefix[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
