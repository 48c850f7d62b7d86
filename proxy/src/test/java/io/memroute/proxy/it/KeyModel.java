package io.memroute.proxy.it;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;

/**
 * Random requests on a few keys that nobody else uses, and the exact reply to each, worked out as memcached's protocol
 * document says. Replies that cannot be known beforehand (CAS values) are not asked for.
 */
final class KeyModel {

    /**
     * @param reply every byte of it; none for a request that gets no reply
     * @param flush whether the client should send now instead of gathering more
     */
    record Exchange(byte[] request, byte[] reply, boolean flush) {}

    /** Few enough that most requests find something. */
    private static final int KEYS = 24;

    private static final int BINARY_KEYS = 4;

    /** No item has this CAS value. */
    private static final String WRONG_CAS = "18446744073709551614";

    private static final byte[] LINE_END = {'\r', '\n'};

    private final String name;
    private final SplittableRandom random;
    private final byte[][] values = new byte[KEYS][];
    private final byte[][] binaryValues = new byte[BINARY_KEYS][];
    private final int[] flags = new int[KEYS];
    private ByteArrayOutputStream request = new ByteArrayOutputStream();
    private ByteArrayOutputStream reply = new ByteArrayOutputStream();

    KeyModel(String name, SplittableRandom random) {
        this.name = name;
        this.random = random;
    }

    String name() {
        return name;
    }

    Exchange next() {
        request.reset();
        reply.reset();
        int key = random.nextInt(KEYS);
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3 -> get(key);
            case 4, 5 -> getMany();
            case 6 -> getAndTouch(key);
            case 7, 8 -> set(key);
            case 9 -> addOrReplace(key);
            case 10 -> appendOrPrepend(key);
            case 11 -> compareAndSwap(key);
            case 12 -> increment(key);
            case 13 -> delete(key);
            case 14 -> touch(key);
            case 15, 16, 17 -> metaGet(key);
            case 18, 19 -> metaSet(key);
            case 20 -> metaDelete(key);
            case 21 -> metaArithmetic(key);
            case 22 -> binaryKey();
            default -> noop();
        }
        return new Exchange(request.toByteArray(), reply.toByteArray(), random.nextInt(8) == 0);
    }

    private void get(int key) {
        ask("get " + key(key) + "\r\n");
        answerValue(key);
        answer("END\r\n");
    }

    private void getMany() {
        ask("get");
        for (int i = random.nextInt(2, 12); i > 0; i--) {
            int key = random.nextInt(KEYS);
            ask(" " + key(key));
            answerValue(key);
        }
        ask("\r\n");
        answer("END\r\n");
    }

    private void getAndTouch(int key) {
        int other = random.nextInt(KEYS);
        ask("gat 0 " + key(key) + " " + key(other) + "\r\n");
        answerValue(key);
        answerValue(other);
        answer("END\r\n");
    }

    private void set(int key) {
        byte[] value = randomValue();
        boolean noreply = random.nextInt(5) == 0;
        flags[key] = random.nextInt(100);
        values[key] = value;
        ask("set " + key(key) + " " + flags[key] + " 0 " + value.length + (noreply ? " noreply\r\n" : "\r\n"));
        ask(value);
        answer(noreply ? "" : "STORED\r\n");
    }

    private void addOrReplace(int key) {
        byte[] value = randomValue();
        boolean add = random.nextBoolean();
        ask((add ? "add " : "replace ") + key(key) + " 3 0 " + value.length + "\r\n");
        ask(value);
        if (add == (values[key] == null)) {
            values[key] = value;
            flags[key] = 3;
            answer("STORED\r\n");
        } else {
            answer("NOT_STORED\r\n");
        }
    }

    private void appendOrPrepend(int key) {
        byte[] more = ("<" + random.nextInt(1000) + ">").getBytes(StandardCharsets.ISO_8859_1);
        boolean append = random.nextBoolean();
        ask((append ? "append " : "prepend ") + key(key) + " 0 0 " + more.length + "\r\n");
        ask(more);
        if (values[key] == null) {
            answer("NOT_STORED\r\n");
        } else {
            values[key] = append ? joined(values[key], more) : joined(more, values[key]);
            answer("STORED\r\n");
        }
    }

    private void compareAndSwap(int key) {
        byte[] value = randomValue();
        ask("cas " + key(key) + " 0 0 " + value.length + " " + WRONG_CAS + "\r\n");
        ask(value);
        answer(values[key] == null ? "NOT_FOUND\r\n" : "EXISTS\r\n");
    }

    private void increment(int key) {
        // A number first, so that there is something to count; then up or down.
        long start = random.nextLong(1000);
        long delta = random.nextLong(100);
        boolean up = random.nextBoolean();
        ask("set " + key(key) + " 0 0 " + Long.toString(start).length() + " noreply\r\n");
        ask(Long.toString(start).getBytes(StandardCharsets.ISO_8859_1));
        ask((up ? "incr " : "decr ") + key(key) + " " + delta + "\r\n");
        long end = up ? start + delta : Math.max(0, start - delta);
        // memcached writes the new number over the old one and keeps the length when it shrinks.
        String text = Long.toString(end);
        values[key] = (text + " ".repeat(Math.max(0, Long.toString(start).length() - text.length())))
                .getBytes(StandardCharsets.ISO_8859_1);
        flags[key] = 0;
        answer(text + "\r\n");
    }

    private void delete(int key) {
        boolean noreply = random.nextInt(4) == 0;
        ask("delete " + key(key) + (noreply ? " noreply\r\n" : "\r\n"));
        if (!noreply) {
            answer(values[key] == null ? "NOT_FOUND\r\n" : "DELETED\r\n");
        }
        values[key] = null;
    }

    private void touch(int key) {
        ask("touch " + key(key) + " 0\r\n");
        answer(values[key] == null ? "NOT_FOUND\r\n" : "TOUCHED\r\n");
    }

    private void metaGet(int key) {
        boolean quiet = random.nextInt(3) == 0;
        String opaque = "O" + random.nextInt(100000);
        ask("mg " + key(key) + " s v " + opaque + " f k" + (quiet ? " q\r\n" : "\r\n"));
        if (values[key] != null) {
            int length = values[key].length;
            answer("VA " + length + " s" + length + " " + opaque + " f" + flags[key] + " k" + key(key) + "\r\n");
            answer(values[key]);
        } else if (!quiet) {
            answer("EN " + opaque + " k" + key(key) + "\r\n");
        }
    }

    /** Keys that are always given in base64: a proxy picks the backend by the key as it is written. */
    private void binaryKey() {
        int key = random.nextInt(BINARY_KEYS);
        String encoded = Base64.getEncoder().encodeToString((name + "\0" + key).getBytes(StandardCharsets.ISO_8859_1));
        if (random.nextBoolean()) {
            binaryValues[key] = randomValue();
            ask("ms " + encoded + " " + binaryValues[key].length + " b k\r\n");
            ask(binaryValues[key]);
            answer("HD k" + encoded + " b\r\n");
        } else if (binaryValues[key] == null) {
            ask("mg " + encoded + " b v k\r\n");
            answer("EN k" + encoded + " b\r\n");
        } else {
            ask("mg " + encoded + " b v k\r\n");
            answer("VA " + binaryValues[key].length + " k" + encoded + " b\r\n");
            answer(binaryValues[key]);
        }
    }

    private void metaSet(int key) {
        byte[] value = randomValue();
        boolean quiet = random.nextInt(3) == 0;
        flags[key] = random.nextInt(100);
        values[key] = value;
        ask("ms " + key(key) + " " + value.length + " F" + flags[key] + " T0 k O7" + (quiet ? " q\r\n" : "\r\n"));
        ask(value);
        answer(quiet ? "" : "HD k" + key(key) + " O7\r\n");
    }

    private void metaDelete(int key) {
        boolean quiet = random.nextInt(3) == 0;
        ask("md " + key(key) + (quiet ? " q\r\n" : "\r\n"));
        if (values[key] == null) {
            // Quiet hides successes only.
            answer("NF\r\n");
        } else {
            answer(quiet ? "" : "HD\r\n");
        }
        values[key] = null;
    }

    private void metaArithmetic(int key) {
        ask("md " + key(key) + " q\r\n");
        answer(values[key] == null ? "NF\r\n" : "");
        int start = random.nextInt(1000);
        ask("ma " + key(key) + " N0 J" + start + " v\r\n");
        values[key] = Integer.toString(start).getBytes(StandardCharsets.ISO_8859_1);
        flags[key] = 0;
        answer("VA " + values[key].length + "\r\n");
        answer(values[key]);
    }

    private void noop() {
        ask("mn\r\n");
        answer("MN\r\n");
    }

    private String key(int index) {
        return name + ":" + index;
    }

    /** Mostly small, sometimes empty or larger than a socket's read, with line ends and protocol words in it. */
    private byte[] randomValue() {
        int length = switch (random.nextInt(20)) {
            case 0 -> 0;
            case 1 -> random.nextInt(20_000, 40_000);
            case 2, 3 -> random.nextInt(500, 5_000);
            default -> random.nextInt(1, 120);
        };
        byte[] value = new byte[length];
        byte[] pattern = ("\r\nEND\r\nVALUE " + random.nextInt() + " HD\r\n").getBytes(StandardCharsets.ISO_8859_1);
        int offset = random.nextInt(pattern.length);
        for (int i = 0; i < length; i++) {
            value[i] = pattern[(i + offset) % pattern.length];
        }
        return value;
    }

    private void ask(String text) {
        request.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void ask(byte[] value) {
        request.writeBytes(value);
        request.writeBytes(LINE_END);
    }

    private void answerValue(int key) {
        if (values[key] != null) {
            answer("VALUE " + key(key) + " " + flags[key] + " " + values[key].length + "\r\n");
            answer(values[key]);
        }
    }

    private void answer(String text) {
        reply.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void answer(byte[] value) {
        reply.writeBytes(value);
        reply.writeBytes(LINE_END);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = new byte[first.length + second.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
