package io.memroute.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memroute.protocol.Request;
import io.memroute.protocol.RequestError;
import io.memroute.protocol.RequestParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One behaviour at a time, with the clock moved by hand; the streams of {@link StoreAgreesWithMemcachedTest} test them
 * all together.
 */
class StoreTest {
    private static final long START = 1_700_000_000L;

    private long now = START;
    private final Store store =
            Store.builder().clock(() -> now).executor(Runnable::run).build();
    private final StoreClient client = new StoreClient(store);

    private void expect(String request, String reply) {
        assertThat(client.send(request + "\r\n")).isEqualTo(reply);
    }

    private Map<String, String> stats() {
        return store.stats();
    }

    @Test
    void expiresAnItemWhenItsTimeHasCome() {
        expect("set a 0 10 1\r\nx", "STORED\r\n");
        now += 9;
        expect("mg a v t", "VA 1 t1\r\nx\r\n");
        now += 1;
        expect("get a", "END\r\n");
        assertThat(stats()).containsEntry("get_expired", "1").containsEntry("curr_items", "0");
    }

    @Test
    void takesExpirationsAboveThirtyDaysForUnixTimes() {
        expect("set month 0 2592000 1\r\nx", "STORED\r\n");
        expect("set date 0 " + (START + 100) + " 1\r\nx", "STORED\r\n");
        expect("set longago 0 2592001 1\r\nx", "STORED\r\n");
        expect("mg month t", "HD t2592000\r\n");
        expect("mg date t", "HD t100\r\n");
        expect("mg longago t", "EN\r\n");
        now += 100;
        expect("mg date t", "EN\r\n");
    }

    @Test
    void endsAnItemAtOnceThatIsStoredOrTouchedWithANegativeExpiration() {
        expect("set a 0 -1 1\r\nx", "STORED\r\n");
        expect("get a", "END\r\n");
        expect("set a 0 0 1\r\nx", "STORED\r\n");
        expect("touch a -1", "TOUCHED\r\n");
        expect("get a", "END\r\n");
        expect("set a 0 0 1\r\nx", "STORED\r\n");
        expect("gat -1 a", "VALUE a 0 1\r\nx\r\nEND\r\n");
        expect("get a", "END\r\n");
    }

    @Test
    void movesTheExpirationWithTouchAndItsRelatives() {
        expect("set a 0 10 1\r\nx", "STORED\r\n");
        expect("touch a 100", "TOUCHED\r\n");
        now += 50;
        expect("gats 100 a b", "VALUE a 0 1 1\r\nx\r\nEND\r\n");
        now += 99;
        expect("mg a t T100 t", "CLIENT_ERROR duplicate flag\r\n");
        expect("mg a T100 t", "HD t100\r\n");
        expect("mg a t T200", "HD t100\r\n");
        expect("touch b 100", "NOT_FOUND\r\n");
        assertThat(stats())
                .containsEntry("cmd_touch", "6")
                .containsEntry("touch_hits", "4")
                .containsEntry("touch_misses", "2");
    }

    @Test
    void remembersHitsAndTheLastAccess() {
        expect("set a 0 0 1\r\nx", "STORED\r\n");
        now += 5;
        expect("mg a h l u", "HD h0 l5\r\n");
        expect("mg a h l", "HD h0 l5\r\n");
        expect("mg a h l", "HD h1 l5\r\n");
        expect("mg a h l", "HD h1 l0\r\n");
        now += 7;
        expect("mg a h l t s f c k Oq", "HD h1 l7 t-1 s1 f0 c1 ka Oq\r\n");
    }

    @Test
    void dropsEverythingOnFlush() {
        expect("set a 0 0 1\r\nx", "STORED\r\n");
        now += 10;
        expect("set b 0 0 1\r\nx", "STORED\r\n");
        expect("flush_all", "OK\r\n");
        expect("get a b", "END\r\n");
        expect("set c 0 0 1\r\nx", "STORED\r\n");
        expect("get c", "VALUE c 0 1\r\nx\r\nEND\r\n");
        assertThat(stats()).containsEntry("curr_items", "1").containsEntry("cmd_flush", "1");
    }

    @Test
    void dropsOnADelayedFlushWhatWasStoredBeforeItsTime() {
        expect("set a 0 0 1\r\nx", "STORED\r\n");
        expect("flush_all 10", "OK\r\n");
        expect("get a", "VALUE a 0 1\r\nx\r\nEND\r\n");
        now += 8;
        expect("set b 0 0 1\r\nx", "STORED\r\n");
        expect("get a b", "VALUE a 0 1\r\nx\r\nVALUE b 0 1\r\nx\r\nEND\r\n");
        now += 2;
        expect("set c 0 0 1\r\nx", "STORED\r\n");
        expect("get a b c", "VALUE c 0 1\r\nx\r\nEND\r\n");
        now += 100;
        expect("get c", "VALUE c 0 1\r\nx\r\nEND\r\n");
        assertThat(stats()).containsEntry("get_flushed", "2");
    }

    @Test
    void bringsNothingBackWithADelayedFlushAfterAnImmediateOne() {
        expect("set a 0 0 1\r\nx", "STORED\r\n");
        now += 5;
        expect("flush_all noreply", "");
        expect("flush_all 1000", "OK\r\n");
        expect("get a", "END\r\n");
        expect("flush_all soon", "CLIENT_ERROR invalid exptime argument\r\n");
    }

    @Test
    void letsOneFetchOfAStaleItemWin() {
        expect("ms a 1 T100 c\r\nx", "HD c1\r\n");
        expect("md a I T30 q", "");
        expect("mg a t c v", "VA 1 t30 c2 X W\r\nx\r\n");
        expect("mg a c v", "VA 1 c2 Z X\r\nx\r\n");
        expect("ms a 1 C1\r\ny", "EX\r\n");
        expect("ms a 1 C1 I\r\ny", "HD\r\n");
        expect("mg a v t", "VA 1 t30 Z X\r\ny\r\n");
        expect("mg a c", "HD c3 Z X\r\n");
        expect("ms a 1 C3 T5\r\nz", "HD\r\n");
        expect("mg a v t", "VA 1 t5\r\nz\r\n");
    }

    @Test
    void handsOutARecacheTokenOnceWhenTheTimeToLiveIsLow() {
        expect("ms a 1 T30\r\nx", "HD\r\n");
        expect("mg a R30", "HD\r\n");
        now += 1;
        expect("mg a R30 t", "HD t29 W\r\n");
        expect("mg a R30 t", "HD t29 Z\r\n");
        expect("ms b 1\r\nx", "HD\r\n");
        expect("mg b R1000", "HD\r\n");
    }

    @Test
    void makesAnItemOnAMissAndLetsTheMakerWin() {
        expect("mg a s v N30 t", "VA 0 s0 t30 W\r\n\r\n");
        expect("mg a s v N30 t", "VA 0 s0 t30 Z\r\n\r\n");
        expect("mg b c v E77", "EN\r\n");
        expect("mg b c v E77 N0", "VA 0 c77 W\r\n\r\n");
    }

    @Test
    void hidesTheValueFromOneWhoHasIt() {
        expect("ms a 2 c\r\nva", "HD c1\r\n");
        expect("mg a C1 v c", "HD c1\r\n");
        expect("mg a C2 v c", "VA 2 c1\r\nva\r\n");
    }

    @Test
    void takesTheCasAClientChooses() {
        expect("ms a 1 E1000 c\r\nx", "HD c1000\r\n");
        expect("ms a 1 C1000 E500 c\r\ny", "HD c500\r\n");
        expect("md a I E600", "HD\r\n");
        expect("mg a c", "HD c600 X W\r\n");
        expect("ms n 1\r\n9", "HD\r\n");
        expect("ma n E700 c v", "VA 2 c700\r\n10\r\n");
        expect("mg n c v", "VA 2 c700\r\n10\r\n");
    }

    @Test
    void replacesAValueByNothingAndKeepsTheItem() {
        expect("ms a 5 F7 c\r\nvalue", "HD c1\r\n");
        expect("md a x", "HD\r\n");
        expect("mg a s v f c", "VA 0 s0 f0 c1\r\n\r\n");
        expect("md a x I T30 F5", "HD\r\n");
        expect("mg a f t", "HD f5 t30 X W\r\n");
    }

    @ParameterizedTest
    @CsvSource({"MS,HD,new", "MR,HD,new", "ME,NS,old", "MA,HD,oldnew", "MP,HD,newold"})
    void storesInEveryModeOfMs(String mode, String reply, String value) {
        expect("ms a 3 F9 T100\r\nold", "HD\r\n");
        expect("ms a 3 " + mode + " k Oz\r\nnew", reply + " ka Oz\r\n");
        expect("mg a v", "VA " + value.length() + "\r\n" + value + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({"MS,HD", "MR,NS", "ME,HD", "MA,NS", "MP,NS", "MA N100,HD", "MP N100,HD", "C5,NF", "MR C5,NF"})
    void storesInEveryModeOfMsWhereThereWasNothing(String flags, String reply) {
        expect("ms a 3 " + flags + "\r\nnew", reply + "\r\n");
        expect("mg a t", reply.equals("HD") ? "HD t" + (flags.contains("N") ? "100" : "-1") + "\r\n" : "EN\r\n");
    }

    @Test
    void tellsTheSizeAfterJoining() {
        expect("ms a 3 s c\r\nabc", "HD s3 c1\r\n");
        expect("ms a 2 MA s\r\nde", "HD s5\r\n");
        expect("ms b 2 MA s c\r\nde", "NS s2 c0\r\n");
    }

    @Test
    void countsInPlaceWhileTheNumberFitsAndGrowsItWhenNot() {
        expect("set n 5 100 2\r\n10", "STORED\r\n");
        expect("decr n 1", "9\r\n");
        expect("get n", "VALUE n 5 2\r\n9 \r\nEND\r\n");
        expect("incr n 91", "100\r\n");
        expect("mg n v f t", "VA 3 f5 t100\r\n100\r\n");
        expect("decr n 1000", "0\r\n");
        expect("set n 0 0 20\r\n18446744073709551615", "STORED\r\n");
        expect("incr n 1", "0\r\n");
        expect("incr missing 1", "NOT_FOUND\r\n");
        expect("set t 0 0 1\r\nx", "STORED\r\n");
        expect("incr t 1", "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n");
    }

    @Test
    void countsWithMa() {
        expect("ma n", "NF\r\n");
        expect("ma n N90 J13 v t", "VA 2 t90\r\n13\r\n");
        expect("ma n v D7 MI", "VA 2\r\n20\r\n");
        expect("ma n v D8 M-", "VA 2\r\n12\r\n");
        expect("ma n D999 MD v c", "VA 1 c4\r\n0\r\n");
        expect("ma n C3", "EX\r\n");
        expect("ma n C4 q", "");
        expect("ma n Mx", "CLIENT_ERROR invalid mode for ma M token\r\n");
        expect("ma n M", "CLIENT_ERROR invalid mode for ma M token\r\n");
        expect("ma n Y", "CLIENT_ERROR invalid or duplicate flag\r\n");
        expect("ma m N0 J99", "HD\r\n");
        expect("ma m T50 v", "VA 3\r\n100\r\n");
        expect("mg m t", "HD t50\r\n");
    }

    @Test
    void keepsABinaryKeyApartFromItsTextAndTellsItBack() {
        expect("ms Zm9vIGJhcg== 3 b k\r\nabc", "HD kZm9vIGJhcg== b\r\n");
        expect("mg Zm9vIGJhcg== v", "EN\r\n");
        expect("mg Zm9vIGJhcg== b v k", "VA 3 kZm9vIGJhcg== b\r\nabc\r\n");
        expect("ms Zm9vIGJhcg== 1 MA b\r\nd", "HD\r\n");
        expect("mg Zm9vIGJhcg== b v k", "VA 4 kZm9vIGJhcg== b\r\nabcd\r\n");
        expect("mg AAAA b N30 k", "HD kAAAA b W\r\n");
        expect("me Zm9vIGJhcg== b", "ME Zm9vIGJhcg== exp=-1 la=0 cas=2 fetch=yes cls=1 size=70\r\n");
        expect("md Zm9vIGJhcg== b k", "HD kZm9vIGJhcg== b\r\n");
        expect("ms Zm9v 1 b\r\nx", "HD\r\n");
        expect("get foo", "VALUE foo 0 1\r\nx\r\nEND\r\n");
    }

    @Test
    void refusesAnItemOverTheLimitAndDropsTheOneItWasToReplace() {
        int largest = Store.DEFAULT_ITEM_SIZE_LIMIT - 59 - 1;
        expect("set a 0 0 " + largest + "\r\n" + "x".repeat(largest), "STORED\r\n");
        expect(
                "add a 0 0 " + (largest + 1) + "\r\n" + "x".repeat(largest + 1),
                "SERVER_ERROR object too large for cache\r\n");
        assertThat(client.send("get a\r\n")).startsWith("VALUE a 0 " + largest + "\r\n");
        expect("append a 0 0 1\r\ny", "NOT_STORED\r\n");
        expect(
                "set a 0 0 " + (largest + 1) + "\r\n" + "x".repeat(largest + 1),
                "SERVER_ERROR object too large for cache\r\n");
        expect("get a", "END\r\n");
        expect("set a 0 0 1\r\nx", "STORED\r\n");
        expect(
                "ms a " + (largest + 1) + " ME q\r\n" + "x".repeat(largest + 1),
                "SERVER_ERROR object too large for cache\r\n");
        expect("get a", "END\r\n");
        assertThat(stats()).containsEntry("store_too_large", "3");
    }

    @Test
    void answersAValueThatIsTooLargeBeforeItHasCome() {
        byte[] line = "set a 0 0 2000000000\r\n".getBytes(StandardCharsets.US_ASCII);
        Request request = new Request();
        new RequestParser().parse(Unpooled.wrappedBuffer(line), 0, line.length, request);
        assertThat(store.refuseTooLarge(request)).isEqualTo(RequestError.VALUE_TOO_LARGE);
        line = "set a 0 0 2000\r\n".getBytes(StandardCharsets.US_ASCII);
        new RequestParser().parse(Unpooled.wrappedBuffer(line), 0, line.length, request);
        assertThat(store.refuseTooLarge(request)).isNull();
    }

    @Test
    void refusesAValueThatDoesNotEndWhereItShould() {
        expect("set a 0 0 3\r\nabcd", "CLIENT_ERROR bad data chunk\r\nCLIENT_ERROR bad command line format\r\n");
        expect("ms a 3 q\r\nabcdefgh", "CLIENT_ERROR bad data chunk\r\nERROR\r\n");
        expect("get a", "END\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "set a 0 0 1 noreply, true",
        "delete a noreply, true",
        "incr a 1 noreply, true",
        "touch a 0 noreply, true",
        "get a, false",
        "mg a q, true",
        "mg a v, false",
        "ms a 1 q, true",
        "ms a 1 q C9, false",
        "md a q, false",
        "ma a q, false"
    })
    void saysWhichRepliesMemcachedWouldNotSend(String line, boolean suppressed) {
        byte[] bytes = (line + "\r\nx\r\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        Request request = new Request();
        assertThat(new RequestParser().parse(in, 0, bytes.length, request)).isEqualTo(RequestParser.COMPLETE);
        ByteBuf out = Unpooled.buffer();
        assertThat(store.execute(request, in, request.end(), out)).isEqualTo(suppressed);
        assertThat(out.isReadable()).isTrue();
    }

    @Test
    void answersARequestForOneKeyOfAMultigetWithThatKey() {
        expect("set a 0 0 1\r\n1\r\nset b 0 0 1\r\n2\r\nset c 0 0 1\r\n3", "STORED\r\nSTORED\r\nSTORED\r\n");
        byte[] bytes = "gat 100 a b c\r\n".getBytes(StandardCharsets.US_ASCII);
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        Request whole = new Request();
        new RequestParser().parse(in, 0, bytes.length, whole);
        Request part = new Request();
        part.setKeyOf(whole, 10, 1);
        ByteBuf out = Unpooled.buffer();
        store.execute(part, in, part.end(), out);
        assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("VALUE b 0 1\r\n2\r\nEND\r\n");
        expect("mg a t", "HD t-1\r\n");
        expect("mg b t", "HD t100\r\n");
        expect("mg c t", "HD t-1\r\n");
    }

    @Test
    void namesACommandItHasNoBusinessWith() {
        assertThatThrownBy(() -> client.send("version\r\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a command of the store: VERSION; expected a storage command, mn or flush_all");
    }

    @Test
    void staysWithinItsBoundByLettingItemsGo() {
        long bound = 1 << 20;
        Store small =
                Store.builder().maximumBytes(bound).executor(Runnable::run).build();
        StoreClient filler = new StoreClient(small);
        String value = "v".repeat(1000);
        for (int i = 0; i < 5000; i++) {
            filler.send("set key" + i + " 0 0 1000 noreply\r\n" + value + "\r\n");
        }
        Map<String, String> stats = small.stats();
        assertThat(Long.parseLong(stats.get("bytes"))).isBetween(bound / 2, bound);
        assertThat(Long.parseLong(stats.get("curr_items"))).isBetween(500L, bound / 1000);
        assertThat(Long.parseLong(stats.get("evictions")) + Long.parseLong(stats.get("curr_items")))
                .isEqualTo(5000);
        small.setMaximumBytes(bound / 4);
        stats = small.stats();
        assertThat(Long.parseLong(stats.get("bytes"))).isLessThanOrEqualTo(bound / 4);
        assertThat(stats).containsEntry("limit_maxbytes", Long.toString(bound / 4));
    }

    @Test
    void hasEveryItemItHasJustStoredHoweverMuchTheOthersAreInUse() {
        Store full = Store.builder().maximumBytes(8 << 20).build();
        StoreClient caller = new StoreClient(full);
        String small = "s".repeat(500);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 15_000; i++) {
                if (caller.send("get hot" + i + "\r\n").equals("END\r\n")) {
                    caller.send("set hot" + i + " 0 0 500\r\n" + small + "\r\n");
                }
            }
        }
        String large = "l".repeat(1_000_000);
        for (int i = 0; i < 100; i++) {
            assertThat(caller.send("set new" + i + " 0 0 1000000\r\n" + large + "\r\n"))
                    .isEqualTo("STORED\r\n");
            assertThat(caller.send("get new" + i + "\r\n"))
                    .hasSize(1_000_000 + "VALUE new0 0 1000000\r\n\r\nEND\r\n".length() + (i < 10 ? 0 : 1));
            assertThat(Long.parseLong(full.stats().get("bytes"))).isLessThanOrEqualTo(8 << 20);
        }
    }

    @Test
    void keepsWhatIsInUseWhileItemsPassThatNobodyAsksFor() {
        Store full = Store.builder().maximumBytes(4 << 20).build();
        StoreClient caller = new StoreClient(full);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 1000; i++) {
                caller.send((round == 0 ? "set used" + i + " 0 0 1 noreply\r\nx\r\n" : "get used" + i + "\r\n"));
            }
        }
        String value = "v".repeat(1000);
        for (int i = 0; i < 10_000; i++) {
            caller.send("set passing" + i + " 0 0 1000 noreply\r\n" + value + "\r\n");
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(caller.send("get used" + i + "\r\n")).isEqualTo("VALUE used" + i + " 0 1\r\nx\r\nEND\r\n");
        }
        assertThat(full.stats())
                .containsEntry("evicted_active", "0")
                .containsEntry("evictions", full.stats().get("evicted_unfetched"));
    }

    @Test
    void refusesWhatIsLargerThanAllItsMemory() {
        StoreClient caller =
                new StoreClient(Store.builder().maximumBytes(10_000).build());
        caller.send("set k 0 0 1\r\nx\r\n");
        String value = "v".repeat(10_000);
        assertThat(caller.send("set k 0 0 10000\r\n" + value + "\r\n"))
                .isEqualTo("SERVER_ERROR object too large for cache\r\n");
        assertThat(caller.send("get k\r\n")).isEqualTo("END\r\n");
        String most = "v".repeat(9_000);
        assertThat(caller.send("ms k 9000\r\n" + most + "\r\nmg k v\r\n"))
                .isEqualTo("HD\r\nVA 9000\r\n" + most + "\r\n");
    }

    @Test
    void reclaimsExpiredItemsWithoutCallingThemEvicted() {
        Store full = Store.builder().maximumBytes(1 << 20).clock(() -> now).build();
        StoreClient caller = new StoreClient(full);
        String value = "v".repeat(1000);
        for (int i = 0; i < 800; i++) {
            caller.send("set old" + i + " 0 10 1000 noreply\r\n" + value + "\r\n");
        }
        now += 20;
        for (int i = 0; i < 800; i++) {
            caller.send("set new" + i + " 0 0 1000 noreply\r\n" + value + "\r\n");
        }
        assertThat(full.stats())
                .containsEntry("evictions", "0")
                .hasEntrySatisfying(
                        "reclaimed",
                        reclaimed -> assertThat(Integer.parseInt(reclaimed)).isGreaterThan(500))
                .containsEntry("expired_unfetched", full.stats().get("reclaimed"));
    }

    @Test
    void keepsThePlaceOfANumberThatIsCounted() {
        Store full = Store.builder().maximumBytes(1 << 20).build();
        StoreClient caller = new StoreClient(full);
        caller.send("set n 0 0 2\r\n10\r\n");
        long bytes = Long.parseLong(full.stats().get("bytes"));
        for (int i = 0; i < 50; i++) {
            caller.send("incr n 1\r\n");
        }
        assertThat(full.stats()).containsEntry("bytes", Long.toString(bytes)).containsEntry("curr_items", "1");
        caller.send("delete n\r\n");
        assertThat(full.stats()).containsEntry("bytes", "0").containsEntry("curr_items", "0");
    }

    @Test
    void countsUnderTheNamesOfMemcachedsStats() {
        expect("set a 0 0 1\r\n1", "STORED\r\n");
        expect("get a b", "VALUE a 0 1\r\n1\r\nEND\r\n");
        expect("incr a 1", "2\r\n");
        expect("decr b 1", "NOT_FOUND\r\n");
        expect("cas a 0 0 1 99\r\n1", "EXISTS\r\n");
        expect("cas b 0 0 1 99\r\n1", "NOT_FOUND\r\n");
        expect("delete a", "DELETED\r\n");
        expect("delete a", "NOT_FOUND\r\n");
        assertThat(stats())
                .containsEntry("cmd_get", "2")
                .containsEntry("get_hits", "1")
                .containsEntry("get_misses", "1")
                .containsEntry("cmd_set", "3")
                .containsEntry("incr_hits", "1")
                .containsEntry("decr_misses", "1")
                .containsEntry("cas_badval", "1")
                .containsEntry("cas_misses", "1")
                .containsEntry("delete_hits", "1")
                .containsEntry("delete_misses", "1")
                .containsEntry("total_items", "1");
        store.resetStats();
        assertThat(stats()).containsEntry("cmd_get", "0");
    }
}
