package io.memroute.proxy.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Text from outside as it may be shown on a terminal, in a log and in a drawing: readable in every language, on one
 * line, and without any character that does something. Line ends and tabs become {@code \n}, {@code \r} and {@code \t},
 * other control characters {@code \x1b}, characters that change the direction of text or break lines
 * {@code \}{@code u202e}, bytes that are no UTF-8 {@code \xff}. Backslashes stay as they are: the text is for people,
 * not for reading back.
 */
public final class Shown {

    private static final HexFormat HEX = HexFormat.of();

    private Shown() {}

    /** A text on one line. */
    public static String text(String text) {
        return harmless(text, false) ? text : escaped(text, false);
    }

    /** A text of several lines, whose line ends stay. JSON stays the JSON that it is. */
    public static String lines(String text) {
        return harmless(text, true) ? text : escaped(text, true);
    }

    /** Bytes, read as UTF-8, on one line. */
    public static String bytes(byte[] bytes) {
        return bytes(bytes, bytes.length);
    }

    /** The first {@code most} bytes, followed by {@code ...} if there are more. */
    public static String bytes(byte[] bytes, int most) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, Math.min(most, bytes.length));
        CharBuffer out = CharBuffer.allocate(in.remaining());
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        StringBuilder text = new StringBuilder();
        CoderResult result;
        do {
            result = decoder.decode(in, out, true);
            text.append(text(out.flip().toString()));
            out.clear();
            if (result.isError()) {
                for (int i = 0; i < result.length(); i++) {
                    text.append("\\x").append(HEX.toHexDigits(in.get()));
                }
                decoder.reset();
            }
        } while (result.isError());
        return bytes.length > most ? text.append("...").toString() : text.toString();
    }

    private static boolean harmless(String text, boolean lines) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' ? !lines || c != '\n' : c > '~') {
                // Beyond ASCII the whole decides: half a pair of surrogates is no character.
                return c > '~' && text.codePoints().allMatch(point -> lines && point == '\n' || !acts(point));
            }
        }
        return true;
    }

    private static String escaped(String text, boolean lines) {
        StringBuilder shown = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (lines && point == '\n' || !acts(point)) {
                shown.appendCodePoint(point);
                return;
            }
            switch (point) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> {
                    if (point < ' ') {
                        shown.append("\\x").append(HEX.toHexDigits((byte) point));
                    } else {
                        for (char unit : Character.toChars(point)) {
                            shown.append("\\u").append(HEX.toHexDigits(unit));
                        }
                    }
                }
            }
        });
        return shown.toString();
    }

    /**
     * Whether a character does something besides being seen: C0 and C1 controls, formats such as those of direction,
     * separators of lines.
     */
    private static boolean acts(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            // Joiners are part of how words of some languages and emoji are written.
            case Character.FORMAT -> point != 0x200c && point != 0x200d;
            default -> false;
        };
    }
}
