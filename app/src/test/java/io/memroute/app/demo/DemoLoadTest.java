package io.memroute.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.ProgramUnderTest;
import io.memroute.app.live.Live;
import io.memroute.app.remote.RemoteProxy;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code memroute demo} sends itself requests, unless it is told not to. */
class DemoLoadTest {

    /** A demo that is ready. */
    private record Running(ChildProcess process) implements AutoCloseable {

        private static Running start(String... options) {
            List<String> words = new ArrayList<>(List.of("demo", "--port", "0"));
            words.addAll(List.of(options));
            Running demo = new Running(ProgramUnderTest.start(words));
            demo.process.awaitOutput("Ctrl-C ends it.\n");
            return demo;
        }

        private String after(String words) {
            Matcher port = Pattern.compile(words + "([0-9]+)").matcher(process.output());
            assertThat(port.find()).as(process::output).isTrue();
            return port.group(1);
        }

        private Live live() {
            try {
                return RemoteProxy.at(after("console +http://127\\.0\\.0\\.1:"))
                        .read("/api/live?seconds=60", Live.class);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private int port() {
            return Integer.parseInt(after("a proxy on 127\\.0\\.0\\.1:"));
        }

        @Override
        public void close() {
            process.close();
        }
    }

    @Test
    void aDemoIsNeverIdle() {
        try (Running demo = Running.start()) {
            Deadline.await("hits on both pools, and no errors", Deadline.OF_START, () -> {
                Live live = demo.live();
                Double hits = live.requests().hitRatio();
                return hits != null
                        && hits > 0
                        && live.requests().errorRate() == 0
                        && live.pools().size() == 2
                        && live.pools().stream().allMatch(pool -> pool.rate() > 0)
                        && !live.hotKeys().isEmpty();
            });
        }
    }

    @Test
    void aDemoWithoutLoadHasTheRequestsOfItsVisitorsOnly() {
        try (Running demo = Running.start("--no-load");
                RawClient visitor = RawClient.connect(demo.port())) {
            visitor.send("set greeting 0 0 5\r\nhello\r\nget greeting\r\n");
            visitor.readUntil("END\r\n");
            Deadline.await("both requests", () -> demo.live().requests().total() >= 2);
            Live live = demo.live();
            assertThat(live.requests().total()).isEqualTo(2);
            assertThat(live.clients().connections()).isEqualTo(1);
        }
    }
}
