package io.memroute.app.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.pattern.DynamicConverter;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets Logback up in code, found through {@code META-INF/services}: reading an XML file would double the time a start
 * takes. An operator who wants another log format or target gives {@code -Dlogback.configurationFile=FILE}, and this
 * stays out of the way.
 */
public final class LogConfiguration extends ContextAwareBase implements Configurator {

    private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %msg%n%ex";
    /** Loggers: the first for operators, the others by class. */
    private static final List<String> LOGGERS = List.of("memroute", "io.memroute");
    /** The names that patterns have for the message and the exception. */
    @SuppressWarnings("rawtypes") // as Logback looks for them
    private static final Map<String, Supplier<DynamicConverter>> CONVERTERS = converters();

    private static final String OPERATORS_FILE = "logback.configurationFile";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        // For every pattern, an operator's own file included.
        context.putObject(CoreConstants.PATTERN_RULE_REGISTRY_FOR_SUPPLIERS, CONVERTERS);
        if (System.getProperty(OPERATORS_FILE) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();

        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();

        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(appender);
        context.getLogger("io.netty").setLevel(Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    @SuppressWarnings("rawtypes")
    private static Map<String, Supplier<DynamicConverter>> converters() {
        Map<String, Supplier<DynamicConverter>> converters = new HashMap<>();
        List.of("m", "msg", "message").forEach(word -> converters.put(word, ShownMessage::new));
        List.of("ex", "exception", "throwable", "xEx", "xException", "xThrowable", "rEx", "rootException")
                .forEach(word -> converters.put(word, ShownException::new));
        return converters;
    }

    /** Sets how much memroute says: 0 what an operator needs, 1 ({@code -v}) details, 2 and more everything. */
    public static void verbosity(int level) {
        setLevel(
                switch (level) {
                    case 0 -> Level.INFO;
                    case 1 -> Level.DEBUG;
                    default -> Level.TRACE;
                });
    }

    /** Leaves only warnings and errors: for servers whose comings and goings interest nobody. */
    public static void quiet() {
        setLevel(Level.WARN);
    }

    private static void setLevel(Level level) {
        if (System.getProperty(OPERATORS_FILE) != null) {
            return;
        }
        for (String name : LOGGERS) {
            if (LoggerFactory.getLogger(name) instanceof ch.qos.logback.classic.Logger logger) {
                logger.setLevel(level);
            }
        }
    }
}
