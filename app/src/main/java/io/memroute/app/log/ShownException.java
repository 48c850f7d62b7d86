package io.memroute.app.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;

/**
 * An exception in the log, with the same care as {@link ShownMessage}: its messages may hold text from outside. Public
 * because Logback makes it.
 */
public final class ShownException extends ThrowableProxyConverter {

    @Override
    protected String throwableProxyToString(IThrowableProxy exception) {
        String text = super.throwableProxyToString(exception);
        // Stack frames are indented by tabs already, which are part of their layout.
        String shown = ShownMessage.indented(text.replaceAll("\n\t+", "\n").stripTrailing());
        return "\t" + shown + System.lineSeparator();
    }
}
