package io.memroute.lua.lib.file;

import io.memroute.lua.lib.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** A file: one position for reading and writing, as C has it. */
final class ChannelStream extends ByteStream {
    private final FileChannel channel;
    private final boolean readable;
    private final boolean writable;
    private final boolean appending;
    private Buffering buffering = Buffering.FULL;
    private byte[] pending;
    private int pendingCount;

    private ChannelStream(FileChannel channel, boolean readable, boolean writable, boolean appending) {
        this.channel = channel;
        this.readable = readable;
        this.writable = writable;
        this.appending = appending;
    }

    /** Opens a file in a mode of C's {@code fopen}: r, w or a, with an optional + behind it. */
    static ChannelStream open(Path path, String mode) throws IOException {
        boolean update = mode.indexOf('+') > 0;
        boolean reading = mode.charAt(0) == 'r' || update;
        boolean writing = mode.charAt(0) != 'r' || update;
        boolean append = mode.charAt(0) == 'a';
        Set<OpenOption> options = new HashSet<>();
        if (reading) {
            options.add(StandardOpenOption.READ);
        }
        if (writing) {
            options.add(append && !reading ? StandardOpenOption.APPEND : StandardOpenOption.WRITE);
        }
        if (mode.charAt(0) != 'r') {
            options.add(StandardOpenOption.CREATE);
        }
        if (mode.charAt(0) == 'w') {
            options.add(StandardOpenOption.TRUNCATE_EXISTING);
        }
        return new ChannelStream(FileChannel.open(path, options), reading, writing, append && reading);
    }

    /** Opens a new file for reading and writing that vanishes when it is closed. */
    static ChannelStream temporary(Path path) throws IOException {
        FileChannel channel = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        return new ChannelStream(channel, true, true, false);
    }

    @Override
    public int readInto(byte[] target) throws IOException {
        if (!readable) {
            throw badDescriptor();
        }
        flush();
        return channel.read(ByteBuffer.wrap(target));
    }

    @Override
    public void write(byte[] source, int from, int count) throws IOException {
        if (!writable) {
            throw badDescriptor();
        }
        dropReadAhead();
        if (pending == null) {
            pending = new byte[BUFFER_BYTES];
        }
        if (count > pending.length - pendingCount) {
            flush();
        }
        if (count > pending.length) {
            writeThrough(source, from, count);
            return;
        }
        System.arraycopy(source, from, pending, pendingCount, count);
        pendingCount += count;
        if (buffering == Buffering.NONE || (buffering == Buffering.LINE && hasLineEnd(source, from, count))) {
            flush();
        }
    }

    private static boolean hasLineEnd(byte[] source, int from, int count) {
        for (int i = from + count - 1; i >= from; i--) {
            if (source[i] == '\n') {
                return true;
            }
        }
        return false;
    }

    /** Puts the channel's position where the reader is. */
    private void dropReadAhead() throws IOException {
        if (position < limit) {
            channel.position(channel.position() - (limit - position));
        }
        position = 0;
        limit = 0;
    }

    private void writeThrough(byte[] source, int from, int count) throws IOException {
        if (appending) {
            channel.position(channel.size());
        }
        ByteBuffer bytes = ByteBuffer.wrap(source, from, count);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void flush() throws IOException {
        if (pendingCount > 0) {
            int count = pendingCount;
            pendingCount = 0;
            writeThrough(pending, 0, count);
        }
    }

    @Override
    public void setBuffering(Buffering newBuffering) {
        buffering = newBuffering;
    }

    @Override
    public long seek(int whence, long offset) throws IOException {
        flush();
        long base = switch (whence) {
            case 0 -> 0;
            case 1 -> channel.position() - (limit - position);
            default -> channel.size();
        };
        long target = base + offset;
        if (target < 0 || (offset > 0 && target < base)) {
            throw new IOException("Invalid argument");
        }
        position = 0;
        limit = 0;
        channel.position(target);
        return target;
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            flush();
        }
    }
}
