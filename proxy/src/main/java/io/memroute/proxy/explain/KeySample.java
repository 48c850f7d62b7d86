package io.memroute.proxy.explain;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The keys that a movement of keys is measured with: generated ones, or real ones from a file. */
public final class KeySample {

    /** The default size of a sample: shares are good to a tenth of a percent. */
    public static final int DEFAULT_KEYS = 1_000_000;

    private static final byte[] GET = "get ".getBytes(US_ASCII);

    /** Keys between two words about how far it is: a hundred a second or so. */
    private static final int STEP = 10_000;

    private final int generated;
    /** The keys given, unless they are generated. */
    private final @Nullable List<byte[]> keys;

    private final IntConsumer progress;

    private KeySample(int generated, @Nullable List<byte[]> keys, IntConsumer progress) {
        this.generated = generated;
        this.keys = keys;
        this.progress = progress;
    }

    /** @throws IllegalArgumentException if {@code count} is not at least 1 */
    public static KeySample generated(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("expected at least one key, got " + count);
        }
        return new KeySample(count, null, hashed -> {});
    }

    /**
     * Keys from a file, one a line; lines that are no key (empty, too long, with spaces) are skipped.
     *
     * @throws IllegalArgumentException if the file holds no key
     */
    public static KeySample ofFile(Path file) throws IOException {
        List<byte[]> keys = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                byte[] key = line.getBytes(UTF_8);
                if (key.length > 0
                        && key.length <= Request.MAX_KEY_LENGTH
                        && line.chars().allMatch(c -> c > ' ' && c != 127)) {
                    keys.add(key);
                }
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no keys: expected one per line");
        }
        return new KeySample(0, keys, hashed -> {});
    }

    /**
     * The same keys, telling how far it is.
     *
     * @param hashed is given how many more keys have been hashed, again and again; may throw to end it
     */
    public KeySample telling(IntConsumer hashed) {
        return new KeySample(generated, keys, hashed);
    }

    public boolean isFromFile() {
        return keys != null;
    }

    public int size() {
        return keys == null ? generated : keys.size();
    }

    /**
     * Gives a {@code get} of every key, always in the same view.
     *
     * @param before put in front of generated keys; keys from a file stay as they are
     * @throws CancellationException if the thread is interrupted: millions of keys take seconds
     */
    void forEach(String before, Consumer<Request> action) {
        ByteBuf line = Unpooled.buffer();
        Request request = new Request();
        RequestParser parser = new RequestParser();
        byte[] prefix = keys == null ? before.getBytes(UTF_8) : new byte[0];
        for (int i = 0; i < size(); i++) {
            if (Thread.interrupted()) {
                throw new CancellationException("interrupted after " + i + " of " + size() + " keys");
            }
            byte[] key = keys == null ? ("key:" + i).getBytes(US_ASCII) : keys.get(i);
            line.clear()
                    .writeBytes(GET)
                    .writeBytes(prefix)
                    .writeBytes(key)
                    .writeByte('\r')
                    .writeByte('\n');
            if (parser.parse(line, 0, line.writerIndex(), request) == RequestParser.COMPLETE) {
                action.accept(request);
            }
            if ((i + 1) % STEP == 0) {
                progress.accept(STEP);
            }
        }
        progress.accept(size() % STEP);
    }
}
