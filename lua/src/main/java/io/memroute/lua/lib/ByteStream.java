package io.memroute.lua.lib;

import java.io.IOException;

/**
 * What a file handle reads from and writes to: C's {@code FILE}, with a buffer for reading. Errors are
 * {@link IOException}s with the text of C's {@code strerror}. Used by the thread that runs the state.
 */
abstract class ByteStream {
    /** As C's BUFSIZ. */
    static final int BUFFER_BYTES = 8192;

    /** When written bytes leave the buffer: C's _IONBF, _IOLBF and _IOFBF. */
    enum Buffering {
        NONE,
        LINE,
        FULL
    }

    /** The read buffer: bytes {@link #position} to {@link #limit} are to be read next. */
    byte[] buffer;

    int position;
    int limit;

    /** The next byte, or -1 at the end. */
    final int read() throws IOException {
        return position < limit || fill() ? buffer[position++] & 0xff : -1;
    }

    /** The next byte without taking it, or -1 at the end. */
    final int peek() throws IOException {
        return position < limit || fill() ? buffer[position] & 0xff : -1;
    }

    /** Reads more into the empty buffer; false at the end. */
    final boolean fill() throws IOException {
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
    abstract int readInto(byte[] target) throws IOException;

    abstract void write(byte[] source, int from, int count) throws IOException;

    abstract void flush() throws IOException;

    abstract void setBuffering(Buffering buffering);

    /** Moves to {@code offset} from the start (0), here (1) or the end (2); returns where that is from the start. */
    abstract long seek(int whence, long offset) throws IOException;

    /** Flushes and closes; closes even if flushing fails. */
    abstract void close() throws IOException;

    static IOException badDescriptor() {
        return new IOException("Bad file descriptor");
    }
}
