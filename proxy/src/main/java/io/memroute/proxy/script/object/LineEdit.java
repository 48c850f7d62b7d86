package io.memroute.proxy.script.object;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** A change to one token of a command line; the space between other tokens stays as it is. */
final class LineEdit {

    private byte[] text;

    private LineEdit(byte[] text) {
        this.text = text;
    }

    /** @param text a line without its end; it becomes the edit's own */
    static LineEdit of(byte[] text) {
        return new LineEdit(text);
    }

    byte[] text() {
        return text;
    }

    private int start(int token) {
        int at = 0;
        for (int seen = 0; ; seen++) {
            while (at < text.length && text[at] == ' ') {
                at++;
            }
            if (seen == token || at >= text.length) {
                return at;
            }
            at = end(at);
        }
    }

    private int end(int from) {
        int at = from;
        while (at < text.length && text[at] != ' ') {
            at++;
        }
        return at;
    }

    /**
     * Puts another text in place of a token; the empty one removes the token and the space around it.
     *
     * @param token counted from 0
     */
    void replace(int token, byte[] replacement) {
        int from = start(token);
        int to = end(from);
        if (replacement.length == 0) {
            while (from > 0 && text[from - 1] == ' ') {
                from--;
            }
            if (from == 0) {
                while (to < text.length && text[to] == ' ') {
                    to++;
                }
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + replacement.length);
        out.write(text, 0, from);
        out.writeBytes(replacement);
        out.write(text, to, text.length - to);
        text = out.toByteArray();
    }

    /** Adds a token at the end. */
    void append(byte[] token) {
        int end = text.length;
        while (end > 0 && text[end - 1] == ' ') {
            end--;
        }
        byte[] longer = Arrays.copyOf(text, end + 1 + token.length);
        longer[end] = ' ';
        System.arraycopy(token, 0, longer, end + 1, token.length);
        text = longer;
    }

    /** Overwrites bytes at the left or right end of a token with spaces. */
    void blank(int token, int bytes, boolean left) {
        int from = start(token);
        int to = end(from);
        Arrays.fill(text, left ? from : to - bytes, left ? from + bytes : to, (byte) ' ');
    }
}
