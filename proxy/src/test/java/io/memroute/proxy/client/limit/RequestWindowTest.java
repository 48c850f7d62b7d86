package io.memroute.proxy.client.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestWindowTest {

    private static final int ITEM_BYTES = 1 << 20;

    private static void replies(RequestWindow window, int bytes, int count) {
        for (int i = 0; i < count; i++) {
            window.replied(bytes);
        }
    }

    private static RequestWindow usual() {
        return new RequestWindow(1024, LargestReply.LEAST_BYTES);
    }

    @Test
    void startsInTheMiddleWhereNobodyGetsLongReplies() {
        assertThat(usual().requests()).isEqualTo(64);
    }

    @Test
    void opensWhenRepliesAreShort() {
        RequestWindow window = usual();
        replies(window, 100, 30);

        assertThat(window.requests()).isEqualTo(1024);
    }

    @Test
    void closesAtTheFirstLongReply() {
        RequestWindow window = usual();
        replies(window, 100, 30);
        replies(window, ITEM_BYTES, 1);

        assertThat(window.requests()).isEqualTo(1);
    }

    @Test
    void opensSlowlyAfterALongReplyOfItsOwn() {
        RequestWindow window = usual();
        replies(window, ITEM_BYTES, 1);
        replies(window, 100, 6);
        assertThat(window.requests()).isLessThan(4);

        replies(window, 100, 60);
        assertThat(window.requests()).isEqualTo(1024);
    }

    @Test
    void startsWithOneRequestWhereOthersGetLongReplies() {
        assertThat(new RequestWindow(1024, ITEM_BYTES).requests()).isEqualTo(1);
    }

    @Test
    void doublesWithEachReplyThatIsShorterThanThoseOfOthers() {
        RequestWindow window = new RequestWindow(1024, ITEM_BYTES);
        replies(window, 100, 6);

        assertThat(window.requests()).isEqualTo(64);
    }

    @Test
    void opensEvenIfRepliesAreEmpty() {
        RequestWindow window = usual();
        replies(window, 0, 200);

        assertThat(window.requests()).isEqualTo(1024);
    }

    @Test
    void neverExceedsItsLimit() {
        assertThat(new RequestWindow(5, LargestReply.LEAST_BYTES).requests()).isEqualTo(5);
    }
}
