package io.memroute.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

/** What the log makes of text from outside, whatever the pattern: keys, labels, and what servers and programs say. */
class LogConfigurationTest {

    private static String logged(String pattern, Throwable thrown, String message, Object... arguments) {
        LoggerContext context = new LoggerContext();
        new LogConfiguration().configure(context);
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.setPattern(pattern);
        layout.start();
        Logger logger = context.getLogger("memroute");
        return layout.doLayout(new LoggingEvent("here", logger, Level.INFO, message, thrown, arguments));
    }

    @Test
    void noTextBeginsALineOfTheLog() {
        String forged = "k\n2026-01-01 00:00:00.000 INFO  all is well\r\n";
        for (String pattern : new String[] {"%msg%n", "%-5level %m%n", "%message%n"}) {
            assertThat(logged(pattern, null, "backend {}", forged).lines().skip(1))
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("\t"));
            assertThat(logged(pattern, null, forged).lines().skip(1))
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("\t"));
        }
    }

    @Test
    void noTextDoesAnythingToATerminal() {
        assertThat(logged("%msg%n", null, "backend {}", "\u001b[2J\u009b1m\u0007größe"))
                .isEqualTo("backend \\x1b[2J\\u009b1m\\x07größe\n");
    }

    @Test
    void noExceptionDoesEither() {
        Exception cause = new IllegalStateException("\u001b[2J\n2026-01-01 00:00:00.000 INFO  all is well");
        Exception thrown = new IllegalStateException("a\n2026-01-01 b", cause);
        thrown.addSuppressed(new IllegalStateException("c\n\t\td"));
        for (String word : new String[] {"%ex", "%xEx", "%rEx", "%throwable"}) {
            String text = logged("x%n" + word, thrown, "m");
            assertThat(text)
                    .contains("\\x1b[2J", "\tat " + LogConfigurationTest.class.getName())
                    .doesNotContain("\u001b", "\\t");
            assertThat(text.lines().skip(1)).as(word).allMatch(line -> line.startsWith("\t"));
        }
    }
}
