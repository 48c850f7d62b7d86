package io.memroute.app.log;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.memroute.proxy.text.Shown;

/**
 * The message of a log line, in which nothing does anything to a terminal, and whose further lines are indented: no
 * text from outside begins a line of the log. Public because Logback makes it.
 */
public final class ShownMessage extends MessageConverter {

    @Override
    public String convert(ILoggingEvent event) {
        return indented(super.convert(event));
    }

    static String indented(String text) {
        return Shown.lines(text).replace("\n", "\n\t");
    }
}
