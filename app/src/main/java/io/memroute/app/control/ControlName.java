package io.memroute.app.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The name of a server's control socket: that of its process. It is no file, so that it needs no directory and no
 * option, and is gone with the process. Containers may share a network, and with it such names, and have processes of
 * the same number: so the name has their PID namespace, too.
 */
final class ControlName {

    private ControlName() {}

    /** @param process in the PID namespace of this process */
    static String of(long process) {
        return "@memroute-" + namespace() + "-" + process;
    }

    /** {@code 4026531836} of {@code pid:[4026531836]}. */
    private static String namespace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid"))
                    .toString()
                    .replaceAll("[^0-9]", "");
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }
}
