package io.memroute.app;

import io.memroute.testkit.ChildProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The program in a process of its own, run from the classes under test rather than from the jar as {@link Packaged}
 * does.
 */
public final class StartedProgram {

    private StartedProgram() {}

    /** Starts it in a JVM with these options. */
    public static ChildProcess start(List<String> jvmOptions, String... arguments) {
        return ChildProcess.start(command(jvmOptions, arguments), Map.of());
    }

    private static List<String> command(List<String> jvmOptions, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.memroute.app.Main"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Waits for a server's first log line and takes the first TCP port from it. */
    public static int port(ChildProcess server) {
        return Packaged.port(server);
    }
}
