package io.memroute.proxy.stats;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.stats.SlowRequests.Slow;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which requests are remembered as slow. */
class SlowRequestsTest {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;

    private final SlowRequests slow = new SlowRequests();

    private void ended(String key, long tookNanos, long nowNanos) {
        ByteBuf line = Unpooled.copiedBuffer("get " + key + "\r\n", US_ASCII);
        Request request = new Request();
        assertThat(new RequestParser().parse(line, 0, line.writerIndex(), request))
                .isEqualTo(RequestParser.COMPLETE);
        slow.ended(request, ReplyKind.HIT, nowNanos - tookNanos, nowNanos);
    }

    private List<String> keys(long nowNanos) {
        return slow.read(nowNanos).stream()
                .map(each -> new String(each.key(), US_ASCII))
                .sorted()
                .toList();
    }

    @Test
    void keepsTheSlowestOfMany() {
        IntStream.range(0, 1000).forEach(i -> ended("k" + (i * 7919 % 1000), (i * 7919 % 1000) * MILLI, SECOND + i));
        assertThat(keys(2 * SECOND))
                .containsExactly("k990", "k991", "k992", "k993", "k994", "k995", "k996", "k997", "k998", "k999");
    }

    @Test
    void takesNothingThatIsFast() {
        ended("fast", MILLI - 1, SECOND);
        ended("slow", MILLI, SECOND);
        assertThat(keys(SECOND)).containsExactly("slow");
    }

    @Test
    void saysWhatTheRequestWas() {
        ended("user:42", 30 * MILLI, 5 * SECOND);
        Slow only = slow.read(5 * SECOND).getFirst();
        assertThat(only.command().word()).isEqualTo("get");
        assertThat(only.result()).isEqualTo(ReplyKind.HIT);
        assertThat(only.tookNanos()).isEqualTo(30 * MILLI);
        assertThat(only.endedNanos()).isEqualTo(5 * SECOND);
    }

    @Test
    void forgetsWhatWasSlowLongAgo() {
        IntStream.range(0, 10).forEach(i -> ended("old" + i, 100 * MILLI, SECOND));
        ended("less slow", 5 * MILLI, 2 * SECOND);
        assertThat(keys(2 * SECOND)).doesNotContain("less");
        ended("new", 5 * MILLI, 62 * SECOND);
        assertThat(keys(62 * SECOND)).contains("new", "old0").hasSize(11);
        ended("newer", 5 * MILLI, 123 * SECOND);
        assertThat(keys(123 * SECOND)).containsExactly("new", "newer");
        assertThat(keys(500 * SECOND)).isEmpty();
    }
}
