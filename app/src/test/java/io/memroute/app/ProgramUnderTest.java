package io.memroute.app;

import io.memroute.testkit.ChildProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The program in a process of its own, run from the classes of this test run rather than from the jar as
 * {@link Packaged} does.
 */
public final class ProgramUnderTest {

    private ProgramUnderTest() {}

    /** Starts {@code memroute} with these words. */
    public static ChildProcess start(List<String> words) {
        return ChildProcess.start(command(words), Map.of());
    }

    /** Starts it in a JVM with these options as well. */
    public static ChildProcess start(List<String> jvmOptions, String... words) {
        return ChildProcess.start(command(jvmOptions, List.of(words)), Map.of());
    }

    public static List<String> command(List<String> words) {
        return command(List.of(), words);
    }

    /** The same as one line for a shell. */
    public static String shellCommand(String... words) {
        return command(List.of(words)).stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    private static List<String> command(List<String> jvmOptions, List<String> words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(words);
        return command;
    }

    /** Waits for a server's first log line and takes the first TCP port from it. */
    public static int port(ChildProcess server) {
        return Packaged.port(server);
    }
}
