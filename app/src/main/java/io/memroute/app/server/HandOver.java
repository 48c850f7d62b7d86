package io.memroute.app.server;

import io.memroute.app.admin.AdminListener;
import io.memroute.app.control.ControlSocket.Answer;
import io.memroute.app.control.Conversation;
import io.memroute.app.options.ExitStatus;
import io.memroute.app.process.PidFile;
import io.memroute.app.process.Successor;
import io.memroute.app.service.ServiceManager;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.client.accept.GivenSocket;
import io.memroute.proxy.text.SystemError;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replacement of a server by another process, as the server sees it: it hands over its listening sockets, serves on
 * until the other one takes its place, and then ends as it ends on a signal. Whatever goes wrong before, it goes on.
 * The other end is {@link Predecessor}. Thread safe.
 */
final class HandOver {

    private static final Logger LOG = LoggerFactory.getLogger("memroute");

    /** The time that the other has to start: a configuration may take long, a machine may be busy. */
    private static final Duration START = Duration.ofMinutes(3);

    /** The time that the other has to take this place. Clients that connect wait meanwhile. */
    private static final Duration SWITCH = Duration.ofSeconds(10);

    /** The other's time begins later than that of the one who asks, who must not be the first to give up. */
    private static final Duration SLACK = Duration.ofSeconds(30);

    private final ProxyServer server;
    private final Optional<AdminListener> admin;
    private final ServiceManager manager;
    private final Optional<PidFile> pidFile;
    private final Optional<Predecessor> predecessor;
    private final AtomicBoolean upgrading = new AtomicBoolean();
    private final AtomicBoolean underWay = new AtomicBoolean();
    /** The outcome for those who have asked for an upgrade: the process that serves now. */
    private final AtomicReference<CompletableFuture<Long>> asked = new AtomicReference<>(new CompletableFuture<>());

    /** @param predecessor in whose place the server is, if it is in one's */
    HandOver(
            ProxyServer server,
            Optional<AdminListener> admin,
            ServiceManager manager,
            Optional<PidFile> pidFile,
            Optional<Predecessor> predecessor) {
        this.server = server;
        this.admin = admin;
        this.manager = manager;
        this.pidFile = pidFile;
        this.predecessor = predecessor;
    }

    /** Starts the program anew, with the words that this process was started with, to take the place of this server. */
    Answer upgrade(Conversation asking) throws IOException, InterruptedException {
        if (!upgrading.compareAndSet(false, true)) {
            return new Answer(ExitStatus.FAILURE, "an upgrade is already under way\n");
        }
        try {
            return upgradeAlone(asking);
        } finally {
            upgrading.set(false);
        }
    }

    private Answer upgradeAlone(Conversation asking) throws IOException, InterruptedException {
        Optional<String> refusal = Successor.refusal(manager.isPresent());
        if (refusal.isPresent()) {
            return new Answer(ExitStatus.FAILURE, refusal.get() + "\n");
        }
        if (predecessor.isPresent() && predecessor.get().isHere()) {
            asking.report("waits for the end of process " + predecessor.get().process() + ", whose clients come here");
            predecessor.get().awaitEnd(START);
        }
        CompletableFuture<Long> outcome = new CompletableFuture<>();
        asked.set(outcome);
        Process started;
        try {
            started = Successor.start();
        } catch (IOException e) {
            return failed("it cannot be started: " + SystemError.text(e));
        }
        asking.report("process " + started.pid() + " starts");
        started.onExit()
                .thenAccept(ended -> outcome.completeExceptionally(
                        new IOException("process " + ended.pid() + " has ended with status " + ended.exitValue())));
        try {
            return succeeded(outcome.get(START.plus(SWITCH).plus(SLACK).toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return failed(String.valueOf(Objects.requireNonNull(e.getCause()).getMessage()));
        } catch (TimeoutException e) {
            if (!outcome.completeExceptionally(e)) {
                return succeeded(started.pid());
            }
            started.destroy();
            return failed("process " + started.pid() + " took longer than " + START.toSeconds() + " s");
        }
    }

    private static Answer succeeded(long process) {
        return new Answer(
                ExitStatus.OK,
                "process " + process + " has taken over from process "
                        + ProcessHandle.current().pid() + "\n");
    }

    private static Answer failed(String reason) {
        return new Answer(
                ExitStatus.FAILURE,
                reason + "; its log says why. Process "
                        + ProcessHandle.current().pid() + " keeps serving\n");
    }

    /** Hands everything over to the process that asks for it. */
    Answer take(Conversation successor) throws IOException {
        if (!underWay.compareAndSet(false, true)) {
            return new Answer(ExitStatus.FAILURE, "another process is already taking over\n");
        }
        if (predecessor.isPresent() && predecessor.get().isHere()) {
            // Those of its clients that come later would find nobody.
            underWay.set(false);
            return new Answer(
                    ExitStatus.FAILURE,
                    "clients of process " + predecessor.get().process()
                            + " still come to it; try again when that process has ended\n");
        }
        long process = successor.peer();
        boolean paused = false;
        boolean left = false;
        try {
            sendSockets(successor);
            successor.setTimeout(START);
            expect(successor, Predecessor.READY);
            paused = true;
            server.pauseAccepting();
            admin.ifPresent(AdminListener::pauseAccepting);
            successor.setTimeout(SWITCH);
            successor.say(Predecessor.PAUSED, List.of());
            expect(successor, Predecessor.SERVING);
            successor.say(Predecessor.LEFT, List.of());
            left = true;
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "process {} does not take over from this one, which keeps serving: {}",
                    process,
                    SystemError.text(e));
            return new Answer(ExitStatus.FAILURE, SystemError.text(e) + "\n");
        } finally {
            if (!left) {
                if (paused) {
                    resume();
                }
                underWay.set(false);
            }
        }
        LOG.info("process {} has taken over from this one", process);
        server.disown();
        admin.ifPresent(AdminListener::leave);
        manager.replacedBy(process);
        asked.get().complete(process);
        server.leave(new ClientsAway(successor));
        return new Answer(ExitStatus.OK, "");
    }

    /** Accepts again. Nobody else does, so a fault of one part keeps no other from it. */
    private void resume() {
        try {
            server.resumeAccepting();
        } catch (IOException | RuntimeException e) {
            LOG.error("clients are not accepted again on all addresses: {}", SystemError.text(e));
        }
        admin.ifPresent(AdminListener::startAccepting);
        // The other may have put its own there.
        pidFile.ifPresent(file -> ServerRun.tryToWrite(file::write));
    }

    private void sendSockets(Conversation successor) throws IOException {
        List<GivenSocket> sockets = new ArrayList<>(server.sockets());
        admin.flatMap(AdminListener::socket).ifPresent(sockets::add);
        StringBuilder files = new StringBuilder();
        sockets.forEach(socket -> files.append(socket.removesFile() ? Predecessor.WITH_FILE : '-'));
        successor.say(
                Predecessor.SOCKETS + files,
                sockets.stream().map(GivenSocket::descriptor).toList());
    }

    private static void expect(Conversation successor, String word) throws IOException {
        String heard = successor.hear().text();
        if (!heard.equals(word)) {
            throw new IOException("it said \"" + heard + "\", expected " + word);
        }
    }
}
