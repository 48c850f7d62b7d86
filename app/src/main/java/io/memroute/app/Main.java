package io.memroute.app;

import io.memroute.app.command.Commands;
import io.memroute.app.process.Signals;
import io.memroute.app.server.ServerCommand;
import io.memroute.lua.command.LuaCommand;
import java.security.Security;
import java.util.List;

/**
 * The program. A first word with a dash is memcached's command line; any other is one of memroute's commands. The two
 * do not mix: starting as memcached loads nothing that belongs to the commands.
 */
public final class Main {

    /** Property of the JVM: seconds that it keeps the addresses of a name. */
    private static final String NAMES_TTL = "networkaddress.cache.ttl";
    /** Property of the JVM: seconds that it remembers that a name has no address. */
    private static final String NAMES_NEGATIVE_TTL = "networkaddress.cache.negative.ttl";
    /** The value that {@code java.security} comes with; any other value is an operator's. */
    private static final String JVM_NEGATIVE_TTL = "10";

    private Main() {}

    public static void main(String[] words) {
        if (isServer(words)) {
            Signals.holdReload();
        }
        withoutLeakDetector();
        withFreshNames();
        System.exit(run(List.of(words)));
    }

    private static boolean isServer(String[] words) {
        return words.length > 0 && (words[0].startsWith("-") || words[0].equals("run"));
    }

    /**
     * Netty's leak detector records where one buffer in a hundred comes from, which allocates more than all else that a
     * request needs. The tests run with it; {@code -Dio.netty.leakDetection.level} brings it back.
     */
    private static void withoutLeakDetector() {
        if (System.getProperty("io.netty.leakDetection.level") == null) {
            System.setProperty("io.netty.leakDetection.level", "disabled");
        }
    }

    /**
     * The JVM keeps the addresses of a name for 30 seconds and the failure to find any for 10. A server that has moved
     * is to be found at the next attempt, as the system's resolver knows it; a second lets the connections of all
     * workers share one answer. Read by the JVM once, at the first look-up. What an operator has set in the JVM's
     * {@code java.security}, or with {@code -Dsun.net.inetaddr.ttl}, stays.
     */
    private static void withFreshNames() {
        if (Security.getProperty(NAMES_TTL) == null && System.getProperty("sun.net.inetaddr.ttl") == null) {
            Security.setProperty(NAMES_TTL, "1");
        }
        if (JVM_NEGATIVE_TTL.equals(Security.getProperty(NAMES_NEGATIVE_TTL))) {
            Security.setProperty(NAMES_NEGATIVE_TTL, "1");
        }
    }

    /** Does what the words say and returns the exit status; a server runs until it is stopped. */
    static int run(List<String> words) {
        if (words.isEmpty()) {
            return Commands.execute(words);
        }
        if (words.getFirst().startsWith("-")) {
            return ServerCommand.run(words, false);
        }
        List<String> rest = words.subList(1, words.size());
        return switch (words.getFirst()) {
            // These read their words themselves, and start without the fifth of a second that the commands' library
            // takes.
            case "run" -> ServerCommand.run(rest, true);
            case "lua" -> LuaCommand.run(rest.toArray(String[]::new));
            default -> Commands.execute(words);
        };
    }
}
