package io.memroute.app;

import io.memroute.testkit.ChildProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program in a process of its own, run from the classes under test rather than from the jar as {@link Packaged}
 * does.
 */
public final class StartedProgram {

    private StartedProgram() {}

    /** The command for a JVM with these options. */
    public static List<String> command(List<String> jvmOptions, String... arguments) {
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
