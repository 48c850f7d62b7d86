package io.memroute.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PaintTest {

    @Test
    void givesEachGroupTheStyleOfItsName() {
        Paint paint = new Paint("^(?<red>- .*)$|(?<bold>[a-z]+): (?<green2>yes)");
        assertThat(paint.on("- gone\nfound: yes\nfound: no\n"))
                .isEqualTo("\u001b[31m- gone\u001b[0m\n\u001b[1mfound\u001b[0m: \u001b[32myes\u001b[0m\nfound: no\n");
    }

    @Test
    void leavesTextAloneThatHasNothingToPaint() {
        assertThat(Paint.NONE.on("text\n\n")).isEqualTo("text\n\n");
    }

    @Test
    void refusesStylesThatThereAreNot() {
        assertThatThrownBy(() -> new Paint("(?<blink>.)")).hasMessage("no style is called blink");
    }

    @Test
    void paintsOnlyForTerminalsThatWantIt() {
        assertThat(StandardStream.takesColours(Map.of("TERM", "xterm"))).isTrue();
        assertThat(StandardStream.takesColours(Map.of("TERM", "xterm", "NO_COLOR", "")))
                .isTrue();
        assertThat(StandardStream.takesColours(Map.of("TERM", "xterm", "NO_COLOR", "1")))
                .isFalse();
        assertThat(StandardStream.takesColours(Map.of("TERM", "dumb"))).isFalse();
        assertThat(StandardStream.takesColours(Map.of())).isFalse();
    }
}
