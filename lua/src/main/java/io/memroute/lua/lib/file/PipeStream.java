package io.memroute.lua.lib.file;

import io.memroute.lua.lib.ByteStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A stream in one direction: a standard stream of the host, or a running program's. */
final class PipeStream extends ByteStream {
    private final @Nullable InputStream input;
    private final @Nullable OutputStream output;
    private Buffering buffering = Buffering.FULL;

    PipeStream(@Nullable InputStream input, @Nullable OutputStream output) {
        this.input = input;
        this.output = output;
    }

    @Override
    public int readInto(byte[] target) throws IOException {
        if (input == null) {
            throw badDescriptor();
        }
        return input.read(target);
    }

    @Override
    public void write(byte[] source, int from, int count) throws IOException {
        if (output == null) {
            throw badDescriptor();
        }
        output.write(source, from, count);
        if (buffering != Buffering.FULL) {
            output.flush();
        }
    }

    @Override
    public void flush() throws IOException {
        if (output != null) {
            output.flush();
        }
    }

    @Override
    public void setBuffering(Buffering newBuffering) {
        buffering = newBuffering;
    }

    @Override
    public long seek(int whence, long offset) throws IOException {
        throw new IOException("Illegal seek");
    }

    @Override
    public void close() throws IOException {
        if (output != null) {
            output.close();
        }
        if (input != null) {
            input.close();
        }
    }
}
