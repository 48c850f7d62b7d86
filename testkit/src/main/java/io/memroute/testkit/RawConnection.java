package io.memroute.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * One end of a connection, for tests: blocking, every call with a deadline, every byte compared. Strings stand for
 * bytes, one ISO-8859-1 character each. A mismatch or a deadline that passes is an {@link AssertionError} that shows
 * what was expected and all that had arrived. For one thread at a time.
 */
public abstract sealed class RawConnection implements AutoCloseable permits RawClient, ScriptedBackend.Connection {

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final String name;
    private Duration limit = Deadline.USUAL;

    /** Received and not yet consumed: {@code received[from..to)}. */
    private byte[] received = new byte[16 * 1024];

    private int from;
    private int to;
    private boolean ended;

    RawConnection(SocketChannel channel, String name) throws IOException {
        this.channel = channel;
        this.name = name;
        channel.configureBlocking(false);
        this.selector = Selector.open();
        this.key = channel.register(selector, 0);
    }

    /** The name of this connection in failure messages. */
    String name() {
        return name;
    }

    /** Limits the time that each later call waits; {@link Deadline#USUAL} until set. */
    public void limit(Duration perCall) {
        this.limit = perCall;
    }

    public void send(String bytes) {
        send(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends all of the bytes, waiting while the peer does not read. */
    public void send(byte[] bytes) {
        if (sendWhatFits(bytes, Deadline.in(limit), true) < bytes.length) {
            throw new AssertionError(
                    name + ": the peer stopped reading while this was sent: " + Shown.bytes(bytes, 0, bytes.length));
        }
    }

    /** Sends as much as the peer's and the kernel's buffers take at once, and returns how many bytes that was. */
    public int sendWhatFits(byte[] bytes) {
        return sendWhatFits(bytes, Deadline.in(limit), false);
    }

    /** Sends what fits, as {@link #sendWhatFits}. Returns whether the peer still takes anything. */
    public boolean sendUnlessClosed(byte[] bytes) {
        try {
            channel.write(ByteBuffer.wrap(bytes));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private int sendWhatFits(byte[] bytes, Deadline deadline, boolean patient) {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        try {
            while (source.hasRemaining()) {
                if (channel.write(source) == 0 && (!patient || !ready(SelectionKey.OP_WRITE, deadline))) {
                    break;
                }
            }
            return source.position();
        } catch (IOException e) {
            throw new AssertionError(
                    name + ": sending failed after " + source.position() + " of " + bytes.length + " bytes: " + e, e);
        }
    }

    /** Reads exactly these bytes; the first byte that differs, or the end of the stream, fails at once. */
    public void expect(String bytes) {
        expect(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void expect(byte[] bytes) {
        Deadline deadline = Deadline.in(limit);
        int matched = 0;
        while (true) {
            int here = Math.min(to - from, bytes.length);
            int differs = Arrays.mismatch(received, from, from + here, bytes, 0, here);
            if (differs >= 0) {
                receiveWithoutWaiting();
                throw new AssertionError(name + ": byte " + differs + " differs; expected "
                        + Shown.around(bytes, 0, bytes.length, differs)
                        + " but got " + Shown.around(received, from, to, differs));
            }
            matched = here;
            if (matched == bytes.length) {
                from += matched;
                return;
            }
            if (!receive(deadline)) {
                throw new AssertionError(name + ": " + why(deadline) + "; expected "
                        + Shown.around(bytes, 0, bytes.length, matched)
                        + " but got " + Shown.around(received, from, to, matched));
            }
        }
    }

    /** Reads the given number of bytes. */
    public byte[] read(int count) {
        Deadline deadline = Deadline.in(limit);
        while (to - from < count) {
            if (!receive(deadline)) {
                throw new AssertionError(name + ": " + why(deadline) + "; expected " + count + " bytes but got "
                        + (to - from) + ": " + Shown.bytes(received, from, to));
            }
        }
        from += count;
        return Arrays.copyOfRange(received, from - count, from);
    }

    /** Reads one line and returns it without its {@code \r\n}; a line that ends in a bare {@code \n} fails. */
    public String readLine() {
        String line = readUntil("\n");
        if (!line.endsWith("\r\n")) {
            throw new AssertionError(name + ": line does not end in \\r\\n: " + Shown.quoted(line));
        }
        return line.substring(0, line.length() - 2);
    }

    /** Reads up to and including the first occurrence of {@code end}. */
    public String readUntil(String end) {
        byte[] wanted = end.getBytes(StandardCharsets.ISO_8859_1);
        Deadline deadline = Deadline.in(limit);
        int searched = from;
        while (true) {
            int at = indexOf(wanted, searched);
            if (at >= 0) {
                String text = new String(received, from, at + wanted.length - from, StandardCharsets.ISO_8859_1);
                from = at + wanted.length;
                return text;
            }
            int consumedBefore = from;
            searched = Math.max(from, to - wanted.length + 1);
            if (!receive(deadline)) {
                throw new AssertionError(name + ": " + why(deadline) + "; expected text up to " + Shown.quoted(end)
                        + " but got " + Shown.bytes(received, from, to));
            }
            searched -= consumedBefore - from;
        }
    }

    /** Reads until the peer ends the stream, and returns everything. */
    public byte[] readToEnd() {
        Deadline deadline = Deadline.in(limit);
        while (receive(deadline)) {
            // Every pass has gathered more.
        }
        if (!ended) {
            throw new AssertionError(name + ": the peer did not end the stream within "
                    + deadline.length().toMillis() + " ms; got " + Shown.bytes(received, from, to));
        }
        byte[] all = Arrays.copyOfRange(received, from, to);
        from = to;
        return all;
    }

    /** Waits for the peer to close or reset the connection; any byte before that fails. */
    public void expectClosed() {
        byte[] rest = readToEnd();
        if (rest.length > 0) {
            throw new AssertionError(
                    name + ": expected the end of the stream but got " + Shown.bytes(rest, 0, rest.length));
        }
    }

    /** Whether bytes have arrived that were not consumed yet; does not wait. */
    public boolean hasReceived() {
        receiveWithoutWaiting();
        return to > from;
    }

    /** Whether bytes arrive within the time, or were there already. */
    public boolean receivesWithin(Duration time) {
        return to > from || receive(Deadline.in(time));
    }

    /** Ends this end's sending direction; receiving goes on. */
    public void halfClose() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes so that the peer sees a reset instead of an ordinary end. TCP only. */
    public void reset() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        close();
    }

    @Override
    public void close() {
        try {
            channel.close();
            // A closed channel that is still registered keeps its descriptor until the selector lets it go.
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Receives at least one more byte, or returns false at the end of the stream or the deadline. */
    private boolean receive(Deadline deadline) {
        if (ended) {
            return false;
        }
        try {
            int count = receiveOnce();
            while (count == 0) {
                if (!ready(SelectionKey.OP_READ, deadline)) {
                    return false;
                }
                count = receiveOnce();
            }
            return count > 0;
        } catch (IOException e) {
            throw new AssertionError(name + ": receiving failed: " + e + "; got " + Shown.bytes(received, from, to), e);
        }
    }

    private void receiveWithoutWaiting() {
        try {
            while (!ended && receiveOnce() > 0) {
                // Until the kernel has no more.
            }
        } catch (IOException e) {
            throw new AssertionError(name + ": receiving failed: " + e + "; got " + Shown.bytes(received, from, to), e);
        }
    }

    /** The number of bytes received, 0 if there were none to have, -1 at the end of the stream. */
    private int receiveOnce() throws IOException {
        if (to == received.length) {
            makeRoom();
        }
        int count;
        try {
            count = channel.read(ByteBuffer.wrap(received, to, received.length - to));
        } catch (SocketException e) {
            // A reset ends the stream as a close does; what had arrived before it stays readable.
            count = -1;
        }
        if (count < 0) {
            ended = true;
        } else {
            to += count;
        }
        return count;
    }

    private void makeRoom() {
        int size = to - from;
        byte[] target = size > received.length / 2 ? new byte[received.length * 2] : received;
        System.arraycopy(received, from, target, 0, size);
        received = target;
        from = 0;
        to = size;
    }

    private boolean ready(int operation, Deadline deadline) throws IOException {
        key.interestOps(operation);
        long millis = deadline.remainingMillis();
        if (millis == 0) {
            return false;
        }
        boolean any = selector.select(millis) > 0;
        selector.selectedKeys().clear();
        return any;
    }

    private int indexOf(byte[] wanted, int start) {
        for (int i = start; i + wanted.length <= to; i++) {
            if (Arrays.equals(received, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }

    private String why(Deadline deadline) {
        return ended
                ? "the peer ended the stream"
                : "nothing more arrived within " + deadline.length().toMillis() + " ms";
    }
}
