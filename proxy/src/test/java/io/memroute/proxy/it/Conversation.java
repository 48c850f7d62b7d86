package io.memroute.proxy.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests of one kind that a client sends in this order on one connection; {@code conversations.txt} says how they are
 * written down.
 *
 * @param requests each complete, with its value and line ends, one character per byte
 */
record Conversation(String name, List<String> requests) {

    private static final Pattern ESCAPE =
            Pattern.compile("\\\\(?<letter>[rn])|\\\\x(?<hex>[0-9a-f]{2})|\\{(?<count>[0-9]+)\\*(?<text>[^}]+)}");

    static List<Conversation> all() {
        List<Conversation> all = new ArrayList<>();
        boolean mayBegin = false;
        for (String line : lines()) {
            if (mayBegin && line.startsWith("# ")) {
                all.add(new Conversation(line.substring(2), new ArrayList<>()));
            } else if (!all.isEmpty() && !line.isEmpty()) {
                all.getLast().requests().add(unescaped(line));
            }
            mayBegin = line.isEmpty();
        }
        return all;
    }

    private static List<String> lines() {
        try (InputStream file = Conversation.class.getResourceAsStream("conversations.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String unescaped(String line) {
        return ESCAPE.matcher(line).replaceAll(found -> Matcher.quoteReplacement(meaning(found)));
    }

    private static String meaning(MatchResult found) {
        if (found.group("letter") != null) {
            return found.group("letter").equals("r") ? "\r" : "\n";
        }
        return found.group("hex") != null
                ? String.valueOf((char) Integer.parseInt(found.group("hex"), 16))
                : found.group("text").repeat(Integer.parseInt(found.group("count")));
    }

    @Override
    public String toString() {
        return name;
    }
}
