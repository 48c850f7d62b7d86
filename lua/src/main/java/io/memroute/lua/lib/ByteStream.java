package io.memroute.lua.lib;

import java.io.IOException;

/**
 * The bytes behind a file handle: C's {@code FILE}, with a buffer for reading. Errors are {@link IOException}s with the
 * text of C's {@code strerror}. Used by the thread that runs the state.
 */
public abstract class ByteStream {
    /** The size of C's BUFSIZ. */
    public static final int BUFFER_BYTES = 8192;

    /** The moment at which written bytes leave the buffer: C's _IONBF, _IOLBF and _IOFBF. */
    public enum Buffering {
        NONE,
        LINE,
        FULL
    }

    /** The read buffer: bytes {@link #position} to {@link #limit} are to be read next. */
    public byte[] buffer;

    public int position;
    public int limit;

    /** The next byte, or -1 at the end. */
    public final int read() throws IOException {
        return position < limit || fill() ? buffer[position++] & 0xff : -1;
    }

    /** The next byte without taking it, or -1 at the end. */
    public final int peek() throws IOException {
        return position < limit || fill() ? buffer[position] & 0xff : -1;
    }

    /** Reads more into the empty buffer; false at the end. */
    public final boolean fill() throws IOException {
        if (buffer == null) {
            buffer = new byte[BUFFER_BYTES];
        }
        position = 0;
        limit = 0;
        int count = readInto(buffer);
        limit = Math.max(count, 0);
        return count > 0;
    }

    /** Reads at least one byte; -1 at the end. */
    public abstract int readInto(byte[] target) throws IOException;

    public abstract void write(byte[] source, int from, int count) throws IOException;

    public abstract void flush() throws IOException;

    public abstract void setBuffering(Buffering buffering);

    /** Moves to {@code offset} from the start (0), here (1) or the end (2); returns where that is from the start. */
    public abstract long seek(int whence, long offset) throws IOException;

    /** Flushes and closes; closes even if flushing fails. */
    public abstract void close() throws IOException;

    public static IOException badDescriptor() {
        return new IOException("Bad file descriptor");
    }
}
