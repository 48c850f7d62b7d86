package io.memroute.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestWindowTest {

    private final RequestWindow window = new RequestWindow(1024);

    private void repliesOf(int bytes, int count) {
        for (int i = 0; i < count; i++) {
            window.replied(bytes);
        }
    }

    @Test
    void startsInTheMiddle() {
        assertThat(window.requests()).isEqualTo(64);
    }

    @Test
    void opensWhenRepliesAreShort() {
        repliesOf(100, 30);

        assertThat(window.requests()).isEqualTo(1024);
    }

    @Test
    void closesAtTheFirstLongReply() {
        repliesOf(100, 30);
        repliesOf(500_000, 1);

        assertThat(window.requests()).isEqualTo(16);
    }

    @Test
    void opensAgainAfterALongReply() {
        repliesOf(500_000, 1);
        repliesOf(100, 60);

        assertThat(window.requests()).isEqualTo(1024);
    }

    @Test
    void opensEvenIfRepliesAreEmpty() {
        repliesOf(0, 200);

        assertThat(window.requests()).isEqualTo(1024);
    }

    @Test
    void neverExceedsItsLimit() {
        assertThat(new RequestWindow(5).requests()).isEqualTo(5);
    }
}
