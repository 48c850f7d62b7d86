package io.memroute.store;

import java.util.HashMap;
import java.util.Map;

/**
 * Compares what two servers answered to the same commands byte for byte, but for three things that cannot be equal: a
 * CAS must correspond to the same CAS of the other server wherever it appears; a time to live may differ by two
 * seconds, because memcached turns UNIX times into its own only so exactly ({@code me} of 1.6.18 shows it negative);
 * the age of the last access is only looked at for being there.
 */
final class ReplyComparison {
    private static final int CLOCK_TOLERANCE_SECONDS = 2;

    private final Map<String, String> casOfOther = new HashMap<>();
    private final Map<String, String> casBack = new HashMap<>();

    /** The first difference, or null. */
    String firstDifference(String expected, String actual) {
        if (expected.equals(actual) && expected.indexOf(' ') < 0) {
            return null;
        }
        String[] left = expected.split("(?<=\n)", -1);
        String[] right = actual.split("(?<=\n)", -1);
        if (left.length != right.length) {
            return left.length + " lines against " + right.length;
        }
        for (int i = 0; i < left.length; i++) {
            String difference = compareLine(left[i], right[i]);
            if (difference != null) {
                return "line " + (i + 1) + ": " + difference;
            }
        }
        return null;
    }

    private String compareLine(String expected, String actual) {
        boolean structured = expected.matches("(?s)(VALUE|VA|HD|EX|NS|NF|EN|ME) .*");
        String[] left = expected.split(" ", -1);
        String[] right = actual.split(" ", -1);
        if (!structured || left.length != right.length) {
            return expected.equals(actual) ? null : "expected " + shown(expected) + " but was " + shown(actual);
        }
        boolean value = left[0].equals("VALUE");
        for (int i = 0; i < left.length; i++) {
            String l = left[i].strip();
            String r = right[i].strip();
            boolean same;
            if (value ? i == 4 : i > 0 && l.matches("c(as=)?\\d+")) {
                same = corresponds(digits(l), digits(r));
            } else if (!value && i > 0 && l.matches("t\\d+|exp=-?\\d\\d+") && r.matches("(t|exp=)\\d+")) {
                same = Math.abs(Long.parseLong(digits(l)) - Long.parseLong(digits(r))) <= CLOCK_TOLERANCE_SECONDS;
            } else if (!value && i > 0 && l.matches("l(a=)?\\d+")) {
                same = r.matches("l(a=)?\\d+");
            } else {
                same = left[i].equals(right[i]);
            }
            if (!same) {
                return "token " + (i + 1) + ": expected " + shown(expected) + " but was " + shown(actual);
            }
        }
        return null;
    }

    private boolean corresponds(String left, String right) {
        // The CAS of nothing, and those that a client chose, are the same everywhere.
        if (left.equals("0") || right.equals("0") || Long.parseUnsignedLong(left) >= RandomCommands.FOREIGN_CAS) {
            return left.equals(right);
        }
        String known = casOfOther.putIfAbsent(left, right);
        String back = casBack.putIfAbsent(right, left);
        return (known == null || known.equals(right)) && (back == null || back.equals(left));
    }

    private static String digits(String token) {
        return token.replaceAll("\\D", "");
    }

    private static String shown(String line) {
        String text = line.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
        return text.length() > 300 ? text.substring(0, 300) + "..." : text;
    }
}
