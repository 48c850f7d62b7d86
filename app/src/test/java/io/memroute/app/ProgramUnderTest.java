package io.memroute.app;

import io.memroute.testkit.ChildProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The program from the classes of this test run, in a process of its own. */
public final class ProgramUnderTest {

    private ProgramUnderTest() {}

    /** Starts {@code memroute} with these words. */
    public static ChildProcess start(List<String> words) {
        return ChildProcess.start(command(words), Map.of());
    }

    public static List<String> command(List<String> words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(words);
        return command;
    }
}
