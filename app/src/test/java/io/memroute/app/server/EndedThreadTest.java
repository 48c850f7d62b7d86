package io.memroute.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.InvalidTypeException;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import io.memroute.app.ProgramUnderTest;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process one of whose threads has ended ends, too, so that a supervisor starts another. */
class EndedThreadTest {

    private static final Pattern DEBUGGED_AT = Pattern.compile("dt_socket at address: (?:.*:)?([0-9]+)");

    @ParameterizedTest
    @CsvSource({"memroute-worker-, a worker", "memroute-accept-, the accepting thread"})
    void endsTheProcess(String threadName, String told) throws Exception {
        try (ChildProcess server = ProgramUnderTest.start(
                List.of("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0"),
                "-t",
                "2",
                "-p",
                "-1",
                "-l",
                "127.0.0.1")) {
            ProgramUnderTest.port(server);
            throwInto(server, threadName);
            assertThat(server.awaitExit()).isEqualTo(70);
            assertThat(server.output())
                    .contains("Unexpected exception from an event executor", "java.lang.StackOverflowError")
                    .contains(told + " ended unexpectedly; stopping the server")
                    .contains("memroute: " + told + " ended unexpectedly; see the log\n");
        }
    }

    /** Has an error come up in a thread that waits for something to do, as a debugger can. */
    private static void throwInto(ChildProcess server, String threadName) throws Exception {
        VirtualMachine machine = debugger(server);
        ThreadReference thread = machine.allThreads().stream()
                .filter(each -> each.name().startsWith(threadName))
                .findFirst()
                .orElseThrow();
        // Every JVM has one of these ready.
        ObjectReference error = machine.classesByName(StackOverflowError.class.getName()).stream()
                .flatMap(type -> type.instances(1).stream())
                .findFirst()
                .orElseThrow();
        try {
            Deadline.await(threadName + " to wait", () -> throwIfItWaits(thread, error));
        } catch (VMDisconnectedException e) {
            // The process has ended before it answered the debugger.
        }
    }

    private static boolean throwIfItWaits(ThreadReference thread, ObjectReference error) {
        thread.suspend();
        try {
            boolean waits = thread.frameCount() > 0
                    && thread.frame(0).location().method().isNative();
            if (waits) {
                thread.stop(error);
            }
            return waits;
        } catch (IncompatibleThreadStateException | InvalidTypeException e) {
            throw new AssertionError(e);
        } finally {
            thread.resume();
        }
    }

    private static VirtualMachine debugger(ChildProcess server) throws Exception {
        server.awaitOutput("dt_socket at address: ");
        Matcher port = DEBUGGED_AT.matcher(server.output());
        assertThat(port.find()).isTrue();
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(each -> each.transport().name().equals("dt_socket"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(port.group(1));
        return connector.attach(arguments);
    }
}
