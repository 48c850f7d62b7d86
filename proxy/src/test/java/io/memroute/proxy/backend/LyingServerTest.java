package io.memroute.proxy.backend;

import static io.memroute.proxy.backend.RequestBatch.Place.JOINED;
import static io.memroute.proxy.backend.RequestBatch.Place.JOINED_REPEATED;
import static io.memroute.proxy.backend.RequestBatch.Place.OWN_LINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.measure.ValueSizes;
import io.memroute.proxy.stats.HotKeys;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * However a server damages, cuts, doubles, exchanges, leaves out or hurries its replies, in whatever pieces they come:
 * no call is given a byte of a reply that is about the key of another client.
 *
 * <p>Requests ask for the key or the opaque, since nobody could tell whose a value without either is. Nor are values
 * cut, or said to be so much longer that they end where another line does, or to be long and left out.
 *
 * <p>{@code -Dmemroute.lying.rounds=NUMBER} tries more, {@code -Dmemroute.lying.seed=NUMBER} others.
 */
class LyingServerTest {

    private static final int ROUNDS = Integer.getInteger("memroute.lying.rounds", 20_000);
    private static final long SEED = Long.getLong("memroute.lying.seed", 20261129);

    private static final List<String> CLIENTS = List.of("<alice>", "<bobby>", "<carol>");

    /** Small ones, ones that are passed on in slices, and one that takes several reads. */
    private static final int[] VALUES = {1, 40, 700, 1400};

    /** A value so long is passed on while it arrives. */
    private static final int LARGE = ReplyMatcher.STREAM_FROM_BYTES;

    private static final int LIE_ONCE_IN = 4;

    @Test
    void giveNobodyTheBytesOfAnotherClient() {
        SplittableRandom seeds = new SplittableRandom(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            long seed = seeds.nextLong();
            new Round(new SplittableRandom(seed)).play("seed " + seed);
        }
    }

    /** A connection, from its first request until it is given up, or nothing more is to come. */
    private static final class Round implements UnsharedGets {
        private final SplittableRandom chance;
        private final ReplyMatcher matcher = new ReplyMatcher(
                this, new GetMerging(true), new BackendCounters(), new ValueSizes(new HotKeys(), "server"));
        private final ReplyReads reads = new ReplyReads(matcher, Unpooled.wrappedBuffer(new byte[64 << 10]));
        private final List<RecordedCall> calls = new ArrayList<>();
        private final List<String> owners = new ArrayList<>();
        /** Replies to what has been asked, whether or not it has been written. */
        private final Deque<String> replies = new ArrayDeque<>();

        private final Set<String> keysOfLine = new HashSet<>();
        private String before = "";

        Round(SplittableRandom chance) {
            this.chance = chance;
        }

        void play(String name) {
            for (int step = chance.nextInt(2, 10); step > 0 && matcher.failure() == null; step--) {
                for (int i = chance.nextInt(1, 6); i > 0; i--) {
                    ask();
                }
                if (chance.nextInt(4) > 0) {
                    matcher.written();
                }
                answer(chance.nextInt(replies.size() + 1));
            }
            if (matcher.failure() == null) {
                matcher.written();
                answer(replies.size());
            }
            matcher.failAll(false, FixedReply.BACKEND_FAILURE);
            for (int i = 0; i < calls.size(); i++) {
                for (String client : CLIENTS) {
                    if (!client.equals(owners.get(i))) {
                        assertThat(calls.get(i).received())
                                .as("%s: call %s of %s", name, i, owners.get(i))
                                .doesNotContain(client);
                    }
                }
            }
        }

        private void ask() {
            String client = CLIENTS.get(chance.nextInt(CLIENTS.size()));
            String key = client + "." + chance.nextInt(3);
            String value = client.repeat(VALUES[chance.nextInt(VALUES.length)]);
            int opaque = chance.nextInt(1_000_000);
            boolean hit = chance.nextBoolean();
            switch (chance.nextInt(10)) {
                case 0 -> asked(client, "set " + key + " 0 0 1\r\nx\r\n", "STORED\r\n");
                case 1 -> asked(client, "ms " + key + " 1 k\r\nx\r\n", "HD k" + key + "\r\n");
                case 2 -> asked(client, "delete " + key + "\r\n", hit ? "DELETED\r\n" : "NOT_FOUND\r\n");
                case 3 -> asked(client, "md " + key + " k\r\n", hit ? "HD k" + key + "\r\n" : "NF\r\n");
                case 4 ->
                    asked(
                            client,
                            "mg " + key + " v k\r\n",
                            hit ? "VA " + value.length() + " k" + key + "\r\n" + value + "\r\n" : "EN\r\n");
                case 5 ->
                    asked(
                            client,
                            "mg " + key + " v O" + opaque + "\r\n",
                            hit ? "VA " + value.length() + " O" + opaque + "\r\n" + value + "\r\n" : "EN\r\n");
                case 6 -> asked(client, "me " + key + "\r\n", hit ? "ME " + key + " exp=-1 la=0\r\n" : "EN\r\n");
                case 7 -> {
                    matcher.expectMark();
                    replies.add("VERSION 1.6.45\r\n");
                }
                default -> askTogether();
            }
        }

        private void asked(String client, String request, String reply) {
            expect(client, request, OWN_LINE);
            replies.add(reply);
        }

        /** A get of several clients. */
        private void askTogether() {
            keysOfLine.clear();
            StringBuilder reply = new StringBuilder();
            for (int keys = chance.nextInt(1, 5); keys > 0; keys--) {
                String client = CLIENTS.get(chance.nextInt(CLIENTS.size()));
                String key = client + "." + chance.nextInt(3);
                boolean first = keysOfLine.isEmpty();
                boolean repeated = !keysOfLine.add(key);
                expect(client, "get " + key + "\r\n", first ? OWN_LINE : repeated ? JOINED_REPEATED : JOINED);
                if (chance.nextBoolean()) {
                    String value = client.repeat(VALUES[chance.nextInt(VALUES.length)]);
                    reply.append("VALUE " + key + " 0 " + value.length() + "\r\n" + value + "\r\n");
                }
            }
            replies.add(reply + "END\r\n");
        }

        private void expect(String client, String request, RequestBatch.Place place) {
            RecordedCall call = RecordedCall.of(request);
            calls.add(call);
            owners.add(client);
            matcher.expect(call, place);
        }

        private void answer(int count) {
            StringBuilder bytes = new StringBuilder();
            for (int i = 0; i < count; i++) {
                String reply = replies.remove();
                bytes.append(chance.nextInt(LIE_ONCE_IN) > 0 ? reply : lie(reply));
                before = reply;
            }
            for (int at = 0; at < bytes.length() && matcher.failure() == null; ) {
                int end = Math.min(bytes.length(), at + chance.nextInt(1, chance.nextBoolean() ? 20 : 20_000));
                reads.add(Unpooled.copiedBuffer(bytes, at, end - at, StandardCharsets.ISO_8859_1));
                at = end;
            }
        }

        private String lie(String reply) {
            int lineEnd = reply.indexOf("\r\n");
            return switch (chance.nextInt(8)) {
                case 0, 1 -> damaged(reply, lineEnd + 2);
                case 2 -> "";
                case 3 -> reply.substring(0, chance.nextInt(lineEnd + 1) % longestCut(reply, lineEnd));
                case 4 -> reply + reply;
                case 5 -> before;
                case 6 -> reply + before;
                default -> reply + UNASKED[chance.nextInt(UNASKED.length)];
            };
        }

        private static final String[] UNASKED = {
            "STORED\r\n",
            "END\r\n",
            "EN\r\n",
            "MN\r\n",
            "HD\r\n",
            "ERROR\r\n",
            "SERVER_ERROR x\r\n",
            "VERSION 1\r\n",
            "VA 3\r\nabc\r\n",
            "VALUE x 0 1\r\nx\r\n",
            "QQ\r\n",
            "\r\n",
            "\0"
        };

        /** A line that has told a long value is not cut: with the end of another line it may fit a request. */
        private static int longestCut(String reply, int lineEnd) {
            return reply.length() > LARGE ? "VA ".length() : lineEnd + 1;
        }

        /** Digits stay: a value that is said to be longer may end exactly where the reply behind it does. */
        private String damaged(String reply, int lineBytes) {
            char[] damaged = reply.toCharArray();
            for (int i = chance.nextInt(1, 4); i > 0; i--) {
                int at = chance.nextInt(lineBytes);
                char changed = (char) (damaged[at] ^ 1 << chance.nextInt(8));
                if (!Character.isDigit(damaged[at]) && !Character.isDigit(changed)) {
                    damaged[at] = changed;
                }
            }
            return new String(damaged);
        }

        @Override
        public void sharedGetFailed() {}

        @Override
        public void sendApart(Call call) {
            matcher.expect(call, OWN_LINE);
            String key = call.request()
                    .buffer()
                    .toString(call.request().keyIndex(), call.request().keyLength(), StandardCharsets.ISO_8859_1);
            replies.add("VALUE " + key + " 0 1\r\nx\r\nEND\r\n");
        }
    }
}
