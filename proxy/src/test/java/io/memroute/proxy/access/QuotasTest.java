package io.memroute.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.trust.Identity;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class QuotasTest {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final OptionalLong NONE = OptionalLong.empty();

    private static QuotaRule rule(long requests, long bytes, double burst, List<String> keys) {
        return new QuotaRule(
                List.of(IdentityName.ANYONE),
                false,
                keys,
                requests == 0 ? NONE : OptionalLong.of(requests),
                bytes == 0 ? NONE : OptionalLong.of(bytes),
                NONE,
                NONE,
                burst,
                false,
                new RulePlace("routes.lua", 1, 1));
    }

    private static WorkerQuota only(Quotas quotas) {
        return quotas.of(Identity.UNKNOWN, 0)[0];
    }

    private static Request request(String line) {
        Request request = new Request();
        ByteBuf bytes = Unpooled.copiedBuffer(line + "\r\n", StandardCharsets.UTF_8);
        new RequestParser().parse(bytes, 0, bytes.readableBytes(), request);
        return request;
    }

    /** The number of requests that pass at one moment. */
    private static int passing(WorkerQuota quota, long nowNanos) {
        int passing = 0;
        while (quota.lacksRoom(1, nowNanos) == null) {
            quota.use(1, 0);
            passing++;
        }
        return passing;
    }

    @Test
    void aBurstPassesAndThenTheRate() {
        WorkerQuota quota = only(new Quotas(List.of(rule(1000, 0, 0.5, List.of())), new QuotaBook(), 1));
        assertThat(passing(quota, 0)).isEqualTo(500);
        assertThat(passing(quota, MILLI / 2)).isZero();
        int passed = 0;
        for (int milli = 1; milli <= 2000; milli++) {
            passed += passing(quota, milli * MILLI);
        }
        assertThat(passed).isBetween(1990, 2001);
        assertThat(passing(quota, 100 * SECOND))
                .as("unused time saves no more than the burst")
                .isBetween(500, 510);
    }

    @Test
    void workersShareALimitWithinAHundredthOfASecond() {
        QuotaBook book = new QuotaBook();
        List<QuotaRule> rules = List.of(rule(10_000, 0, 0.1, List.of()));
        WorkerQuota[] workers = new WorkerQuota[4];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = only(new Quotas(rules, book, workers.length));
        }
        int passed = 0;
        for (int milli = 0; milli < 1000; milli++) {
            for (WorkerQuota worker : workers) {
                passed += passing(worker, milli * MILLI);
            }
        }
        assertThat(passed).isBetween(10_900, 11_100);
        assertThat(passing(workers[2], 3 * SECOND))
                .as("one worker alone has the whole limit")
                .isBetween(1000, 1100);
    }

    @Test
    void bytesThatAreKnownTooLateAreADebt() {
        WorkerQuota quota = only(new Quotas(List.of(rule(0, 1000, 1, List.of())), new QuotaBook(), 1));
        assertThat(quota.lacksRoom(1, 0)).isNull();
        quota.use(1, 100);
        quota.useBytes(5000);
        assertThat(quota.lacksRoom(1, 0)).isEqualTo(QuotaKind.BYTES);
        assertThat(quota.lacksRoom(1, 4 * SECOND)).isEqualTo(QuotaKind.BYTES);
        assertThat(quota.lacksRoom(1, 5 * SECOND)).isNull();
    }

    @Test
    void onlyKeysWithThePrefixCount() {
        WorkerQuota quota = only(new Quotas(List.of(rule(1, 0, 1, List.of("r:", "s:"))), new QuotaBook(), 1));
        assertThat(quota.cost(request("get r:1"), new DecodedKey())).isEqualTo(1);
        assertThat(quota.cost(request("get r:1 x s:2 r:3"), new DecodedKey())).isEqualTo(3);
        assertThat(quota.cost(request("mg cjox b v"), new DecodedKey())).isEqualTo(1);
        assertThat(quota.cost(request("mg r:1x b v"), new DecodedKey())).isZero();
        assertThat(quota.cost(request("stats"), new DecodedKey())).isZero();
        assertThat(quota.lacksRoom(0, 0)).isNull();
        WorkerQuota every = only(new Quotas(List.of(rule(1, 0, 1, List.of())), new QuotaBook(), 1));
        assertThat(every.cost(request("get a b c"), new DecodedKey())).isEqualTo(3);
        assertThat(every.cost(request("stats"), new DecodedKey())).isEqualTo(1);
        assertThat(every.cost(request("quit"), new DecodedKey())).isZero();
    }

    @Test
    void aReloadKeepsTheUseOfWhatStays() {
        QuotaRule stays = rule(10, 0, 1, List.of());
        Quotas before = new Quotas(List.of(stays), new QuotaBook(), 1);
        assertThat(passing(only(before), 0)).isEqualTo(10);
        QuotaRule moved = new QuotaRule(
                stays.who(),
                false,
                List.of(),
                stays.requests(),
                NONE,
                NONE,
                NONE,
                1,
                false,
                new RulePlace("x.lua", 7, 1));
        assertThat(before.changedTo(List.of(moved))).isSameAs(before);
        Quotas after = before.changedTo(List.of(rule(20, 0, 1, List.of()), moved));
        WorkerQuota[] limits = after.of(Identity.UNKNOWN, 0);
        assertThat(passing(limits[0], 0)).isEqualTo(20);
        assertThat(passing(limits[1], 0)).isZero();
        assertThat(passing(after.changedTo(List.of(stays)).of(Identity.UNKNOWN, 0)[0], 0))
                .isZero();
    }

    @Test
    void countingAllocatesNothing() {
        WorkerQuota quota = only(new Quotas(List.of(rule(1_000_000, 0, 1, List.of("a", "web:"))), new QuotaBook(), 1));
        Request[] requests = {request("get web:a"), request("get b web:b a"), request("mg d2ViOmE= b v"), request("mn")
        };
        DecodedKey decoded = new DecodedKey();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        long refused = 0;
        for (int round = 0; round < 200_000; round++) {
            if (round == 100_000) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            Request request = requests[round & 3];
            decoded.forget();
            long cost = quota.cost(request, decoded);
            if (quota.lacksRoom(cost, round * 1000L) == null) {
                quota.use(cost, 10);
                quota.addInFlight(1);
                quota.addInFlight(-1);
            } else {
                refused++;
            }
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(refused).isLessThan(200_000);
        assertThat(allocated).as("bytes for 100,000 requests").isLessThan(10_000);
    }
}
