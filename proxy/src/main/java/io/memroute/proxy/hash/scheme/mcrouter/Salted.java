package io.memroute.proxy.hash.scheme.mcrouter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.hash.KeyLocator;
import io.memroute.proxy.hash.function.Scratch;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** Hashes each key with mcrouter's {@code salt} after it. */
final class Salted implements KeyLocator {

    private final KeyLocator locator;
    private final byte[] salt;

    private Salted(KeyLocator locator, byte[] salt) {
        this.locator = locator;
        this.salt = salt;
    }

    /** The locator itself if there is nothing to add. */
    static KeyLocator of(KeyLocator locator, Optional<String> salt) {
        return salt.filter(text -> !text.isEmpty())
                .<KeyLocator>map(text -> new Salted(locator, text.getBytes(UTF_8)))
                .orElse(locator);
    }

    @Override
    public int place(ByteBuf key, int index, int length) {
        return locator.place(salted(key, index, length), 0, length + salt.length);
    }

    @Override
    public long hash(ByteBuf key, int index, int length) {
        return locator.hash(salted(key, index, length), 0, length + salt.length);
    }

    private ByteBuf salted(ByteBuf key, int index, int length) {
        Scratch scratch = Scratch.ofThread();
        scratch.begin(key, index, length, salt.length + WeightedCh3.LONGEST_SUFFIX_BYTES);
        ByteBuf buffer = scratch.buffer();
        for (int i = 0; i < salt.length; i++) {
            buffer.setByte(length + i, salt[i]);
        }
        return buffer;
    }
}
