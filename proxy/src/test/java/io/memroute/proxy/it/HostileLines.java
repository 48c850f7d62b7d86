package io.memroute.proxy.it;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Commands of which one word, or several, is another one than it should be: an option in a key's place, a key in an
 * option's, no word at all. What a server makes of such a line decides whether it answers, and with which key.
 */
final class HostileLines {

    /** A tab, a control character and letters beyond ASCII, as UTF-8 shown in Latin-1. */
    private static final List<String> WORDS = List.of(
            "noreply",
            "noreplY",
            "NOREPLY",
            "noreply ",
            "x/noreply",
            "x/",
            "q",
            "qq",
            "k",
            "O1",
            "b",
            "v",
            "0",
            "1",
            "-1",
            "+1",
            "00",
            "4294967296",
            "18446744073709551616",
            "-0",
            "-",
            "+",
            "",
            " ",
            "a\tb",
            "\t",
            "\u007f",
            "\u00c3\u00a4\u00c3\u00b6",
            "END",
            "VALUE",
            "mg",
            "get",
            "a".repeat(250),
            "a".repeat(251),
            "x/" + "a".repeat(250),
            "bm9yZXBseQ==");

    /**
     * Commands in the place of another. Not {@code mn}, which ends what a test reads, and none that may end the
     * connection.
     */
    private static final List<String> COMMAND_WORDS = List.of(
            "get",
            "gats",
            "set",
            "cas",
            "prepend",
            "incr",
            "touch",
            "delete",
            "mg",
            "ms",
            "md",
            "ma",
            "me",
            "GET",
            "flush_all",
            "verbosity",
            "cache_memlimit",
            "noreply",
            "x/get",
            "",
            "\t");

    /** Every command but {@code mn}, with arguments and flags; behind a line end is the value. */
    private static final List<String> COMMANDS = List.of(
            "get key",
            "get key other",
            "gets key",
            "gets key other",
            "gat 0 key",
            "gats 0 key other",
            "set key 0 0 3\r\nabc",
            "set key 0 0 3 noreply\r\nabc",
            "add key 0 0 3\r\nabc",
            "add key 0 0 3 noreply\r\nabc",
            "replace key 0 0 3\r\nabc",
            "append key 0 0 3\r\nabc",
            "append key 0 0 3 noreply\r\nabc",
            "prepend key 0 0 3\r\nabc",
            "cas key 0 0 3 1\r\nabc",
            "cas key 0 0 3 1 noreply\r\nabc",
            "incr key 1",
            "incr key 1 noreply",
            "decr key 1",
            "decr key 1 noreply",
            "touch key 0",
            "touch key 0 noreply",
            "delete key",
            "delete key noreply",
            "delete key 0",
            "delete key 0 noreply",
            "mg key",
            "mg key v k O1 q",
            "mg key t f s c h l",
            "mg key N0 v",
            "mg key T0 R30 E5",
            "mg a2V5 b k v",
            "ms key 3\r\nabc",
            "ms key 3 T0 F1 k O1 q\r\nabc",
            "ms key 3 MA\r\nabc",
            "ms a2V5 3 b I C1\r\nabc",
            // Their values would be answered, too, if a server took them for commands.
            "ms key 9 a c d e f g h i j k l m n o p\r\nmg key2 v",
            "ms key 9 a c d e f g h i j k l m n o p r\r\nmg key2 v",
            "ms key 9 a c d e f g h i j k l m n o p r s\r\nmg key2 v",
            "ms key 9 c f I k L N0 O1 P q s t T0 u v x F1\r\nmg key2 v",
            "md key",
            "md key q k O1",
            "md key I T0",
            "md key x",
            "md key b C1 E1 F1 h I k l L O1 P q R1 s t T0 u",
            "ma key",
            "ma key N0 J5 D1 MI",
            "ma key MD v q k O1",
            "me key");

    private HostileLines() {}

    /** All with one word replaced, put in or doubled, or with spaces more than needed. */
    static List<String> withOneChange() {
        Set<String> lines = new LinkedHashSet<>();
        for (String command : COMMANDS) {
            int end = lineLength(command);
            List<String> words = List.of(command.substring(0, end).split(" "));
            String rest = command.substring(end) + "\r\n";
            for (int at = 1; at <= words.size(); at++) {
                for (String word : WORDS) {
                    lines.add(String.join(" ", inserted(words, at, word)) + rest);
                    if (at < words.size()) {
                        lines.add(String.join(" ", replaced(words, at, word)) + rest);
                    }
                }
                if (at < words.size()) {
                    lines.add(String.join(" ", inserted(words, at, words.get(at))) + rest);
                    lines.add(String.join(" ", replaced(words, at, words.get(at) + " ")) + rest);
                }
            }
            for (String word : COMMAND_WORDS) {
                lines.add(String.join(" ", replaced(words, 0, word)) + rest);
            }
            lines.add("  " + String.join("  ", words) + "  " + rest);
            lines.add(String.join(" ", words) + rest.replace("\r\n", "\n"));
        }
        return List.copyOf(lines);
    }

    /** As many as asked for, with up to four changes each. */
    static List<String> withSeveralChanges(SplittableRandom random, int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String command = COMMANDS.get(random.nextInt(COMMANDS.size()));
            int end = lineLength(command);
            List<String> words = List.of(command.substring(0, end).split(" "));
            if (random.nextInt(8) == 0) {
                words = replaced(words, 0, COMMAND_WORDS.get(random.nextInt(COMMAND_WORDS.size())));
            }
            for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
                int at = random.nextInt(1, words.size() + 1);
                String word = WORDS.get(random.nextInt(WORDS.size()));
                boolean more = at == words.size() || random.nextInt(3) == 0;
                words = more ? inserted(words, at, word) : replaced(words, at, word);
            }
            String space = random.nextInt(8) == 0 ? "  " : " ";
            lines.add(String.join(space, words) + command.substring(end) + "\r\n");
        }
        return lines;
    }

    private static int lineLength(String command) {
        int end = command.indexOf('\r');
        return end < 0 ? command.length() : end;
    }

    private static List<String> replaced(List<String> words, int at, String word) {
        List<String> changed = new ArrayList<>(words);
        changed.set(at, word);
        return changed;
    }

    private static List<String> inserted(List<String> words, int at, String word) {
        List<String> changed = new ArrayList<>(words);
        changed.add(at, word);
        return changed;
    }
}
