package io.memroute.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * An endless stream of storage commands, most of them sensible: all commands and flags, few keys, so that they meet.
 * Which CAS a command asks for is left open: {@code <cas:KEY>} stands for the one last seen on a key, which differs
 * from server to server.
 */
final class RandomCommands {
    /** What the memcached that is compared with can be asked. */
    enum Dialect {
        /** What 1.6.18 (Debian 12) knows and answers as the current memcached does. */
        SINCE_1_6_18,
        /** Everything. */
        CURRENT
    }

    /** A CAS that no server ever gives by itself. */
    static final long FOREIGN_CAS = 1_000_000_000_000L;

    private static final String[] KEYS = {"a", "b", "c", "counter", "number", "key_with_a_longer_name", "k".repeat(250)
    };
    /** Base64 text of keys with bytes that no text key can have; they are used by meta commands only. */
    private static final String[] BINARY_KEYS = {"AAEgDQo=", "/////w==", "IA=="};

    private static final String[] VALUES = {
        "",
        "v",
        "value",
        "0",
        "5",
        "9",
        "10",
        "99",
        "100",
        "007",
        "18446744073709551615",
        "18446744073709551614",
        "18446744073709551616",
        " 12",
        "12 ",
        "12  x",
        "-5",
        "-0",
        "+7",
        "1x",
        "x1",
        "12\t",
        "3.5",
        "a\r\nb",
        "\0",
        "1\0002",
        "x".repeat(100),
        "y".repeat(2000),
        "12345678901234567890123"
    };
    private static final String[] EXPIRATIONS = {
        "0", "0", "0", "100", "3000", "2592000", "-1", "-100", "2592001", "2000000000"
    };
    private static final String[] CLIENT_FLAGS = {"0", "1", "4294967295", "123456"};
    private static final String[] DELTAS = {"0", "1", "9", "10", "1000", "18446744073709551615", "9223372036854775808"};

    private final Random random;
    private final Dialect dialect;

    RandomCommands(long seed, Dialect dialect) {
        this.random = new Random(seed);
        this.dialect = dialect;
    }

    /** One request with its value. */
    String next() {
        return switch (random.nextInt(22)) {
            case 0, 1 -> get();
            case 2 -> "gat" + (random.nextBoolean() ? "s " : " ") + pick(EXPIRATIONS) + keys() + "\r\n";
            case 3, 4, 5 -> storage(pick("set", "set", "add", "replace", "append", "prepend"));
            case 6 -> cas();
            case 7 -> pick("incr", "decr") + " " + key() + " " + pick(DELTAS) + noreply() + "\r\n";
            case 8 -> "touch " + key() + " " + pick(EXPIRATIONS) + noreply() + "\r\n";
            case 9 -> "delete " + key() + noreply() + "\r\n";
            case 10, 11, 12, 13 -> metaGet();
            case 14, 15, 16 -> metaSet();
            case 17 -> metaDelete();
            case 18, 19 -> metaArithmetic();
            case 20 -> "me " + key() + "\r\n";
            default -> random.nextInt(6) == 0 ? rare() : metaGet();
        };
    }

    /**
     * Whether memcached's answer can depend on replies that it has not sent yet: it counts in place only if no reply
     * still refers to the item.
     */
    static boolean counts(String command) {
        return command.startsWith("incr") || command.startsWith("decr") || command.startsWith("ma ");
    }

    private String get() {
        return pick("get", "gets") + keys() + "\r\n";
    }

    private String keys() {
        StringBuilder keys = new StringBuilder();
        for (int n = random.nextInt(4) == 0 ? random.nextInt(30) : 0; n >= 0; n--) {
            keys.append(random.nextInt(20) == 0 ? "  " : " ").append(key());
        }
        return keys.toString();
    }

    private String storage(String command) {
        String value = value();
        return command + " " + key() + " " + pick(CLIENT_FLAGS) + " " + pick(EXPIRATIONS) + " " + value.length()
                + noreply() + "\r\n" + value + "\r\n";
    }

    private String cas() {
        String key = key();
        String value = value();
        return "cas " + key + " " + pick(CLIENT_FLAGS) + " " + pick(EXPIRATIONS) + " " + value.length() + " "
                + wantedCas(key) + noreply() + "\r\n" + value + "\r\n";
    }

    private String metaGet() {
        String key = metaKey();
        List<String> flags =
                flags("v", "v", "k", "s", "t", "c", "c", "f", "h", "l", "q", "u", "O" + random.nextInt(1000));
        maybe(8, flags, "T" + pick(EXPIRATIONS));
        if (!isBinary(key)) {
            // memcached does not mark a key as binary that it made an item for here.
            maybe(8, flags, "N" + pick("0", "100", "3000"));
        }
        maybe(8, flags, "R" + pick("0", "30", "1000", "-1"));
        if (dialect == Dialect.CURRENT) {
            maybe(12, flags, "C" + wantedCas(key));
            maybe(12, flags, "E" + (FOREIGN_CAS + random.nextInt(1000)));
        }
        if (flags.contains("t")) {
            // memcached shows the TTL of an item that a negative T has just ended as a number around 2^32.
            flags.removeIf(flag -> flag.startsWith("T-") || flag.equals("T2592001"));
        }
        return line("mg", key, flags);
    }

    private String metaSet() {
        String key = metaKey();
        String value = value();
        List<String> flags = flags("k", "c", "c", "q", "O" + random.nextInt(1000), "b");
        flags.remove("b");
        maybe(3, flags, "T" + pick(EXPIRATIONS));
        maybe(3, flags, "F" + pick(CLIENT_FLAGS));
        maybe(4, flags, "C" + wantedCas(key));
        maybe(4, flags, "I");
        if (!isBinary(key)) {
            // memcached forgets that a key is binary when the value is appended to.
            maybe(2, flags, "M" + pick("S", "E", "A", "P", "R"));
        } else {
            maybe(2, flags, "M" + pick("S", "E", "R"));
        }
        if (dialect == Dialect.CURRENT) {
            maybe(4, flags, "s");
            maybe(8, flags, "E" + (FOREIGN_CAS + random.nextInt(1000)));
            maybe(8, flags, "N" + pick("0", "100"));
            maybe(60, flags, "MQ");
        }
        return line("ms", key + " " + value.length(), key, flags) + value + "\r\n";
    }

    private String metaDelete() {
        String key = metaKey();
        List<String> flags = flags("k", "q", "O" + random.nextInt(1000));
        maybe(3, flags, "I");
        maybe(4, flags, "T" + pick("0", "100", "3000"));
        maybe(4, flags, "C" + wantedCas(key));
        if (dialect == Dialect.CURRENT) {
            maybe(8, flags, "E" + (FOREIGN_CAS + random.nextInt(1000)));
            if (!isBinary(key)) {
                maybe(5, flags, "x");
            }
        }
        return line("md", key, flags);
    }

    private String metaArithmetic() {
        // memcached forgets that a key is binary when the number grows longer.
        String key = key();
        List<String> flags = flags("v", "k", "t", "c", "c", "q", "O" + random.nextInt(1000));
        maybe(3, flags, "N" + pick("0", "100", "3000"));
        maybe(3, flags, "J" + pick(DELTAS));
        maybe(3, flags, "D" + pick(DELTAS));
        maybe(3, flags, "M" + pick("I", "+", "D", "-"));
        maybe(5, flags, "C" + wantedCas(key));
        if (dialect == Dialect.CURRENT) {
            // No E: memcached gives it to the item before, if the number grows longer.
            maybe(60, flags, "MQ");
        } else if (flags.contains("q")) {
            // 1.6.18 is not quiet about an item that it has to make first.
            flags.removeIf(flag -> flag.startsWith("N"));
        }
        return line("ma", key, flags);
    }

    /** Flushes, oversized values, bad lines and bad data: what happens now and then. */
    private String rare() {
        String key = key();
        int large = 1 << 20;
        return switch (random.nextInt(dialect == Dialect.CURRENT ? 19 : 12)) {
            case 0 -> pick("flush_all\r\n", "flush_all 0\r\n", "flush_all noreply\r\n");
            case 1 -> "flush_all -1\r\n";
            case 2 -> "set " + key + " 0 0 " + large + noreply() + "\r\n" + "x".repeat(large) + "\r\n";
            case 3 -> "ms " + key + " " + large + " c q\r\n" + "x".repeat(large) + "\r\n";
            case 4 -> {
                // Around the largest value that still fits: 59 bytes besides key and value, 4 more with client flags.
                int length = large - 59 - key.length() + random.nextInt(8) - 4;
                yield "set " + key + " " + pick(CLIENT_FLAGS) + " 0 " + length + "\r\n" + "z".repeat(length) + "\r\n";
            }
            case 5 -> "append " + key + " 0 0 600000\r\n" + "a".repeat(600_000) + "\r\n";
            case 6 -> "delete " + "k".repeat(251) + "\r\n";
            case 7 -> "set " + key + " 0 0 5\r\n123456789\r\n";
            case 8 -> "touch " + key + " x\r\n";
            case 9 -> "incr " + key + " x\r\n";
            case 10 -> "mg " + key + " v v\r\n";
            case 11 -> "mg " + key + " Tx v\r\n";
            case 12 -> "get\r\n";
            case 13 -> "set " + key + " x 0 3\r\nabc\r\n";
            case 14 -> "set " + "k".repeat(251) + " 0 0 3" + noreply() + "\r\nabc\r\n";
            case 15 -> "ms " + key + " 3 Tx\r\nabc\r\n";
            case 16 -> "md " + key + " q q\r\n";
            case 17 -> "ma " + key + " Dx\r\n";
            // A key that is not there: memcached counts a fetch before it finds that the opaque is too long.
            default ->
                pick(
                                "mg foo! b v",
                                "mg nothing Oxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx v",
                                "mg " + key + " Y",
                                "\r",
                                "nonsense",
                                "gat x " + key,
                                "delete",
                                "incr " + key + " -1",
                                "cas " + key + " 0 0 0 x\r\n",
                                "ma " + key + " B",
                                "flush_all x",
                                "mg " + key + " Q1 v v",
                                "mg " + key + " s k v t c f h l q u O1 I x L P M1 D1 J1 F1 C1 E1")
                        + "\r\n";
        };
    }

    private String line(String command, String key, List<String> flags) {
        return line(command, key, key, flags);
    }

    private String line(String command, String keyAndLength, String key, List<String> flags) {
        if (isBinary(key)) {
            flags.add(random.nextInt(flags.size() + 1), "b");
        }
        StringBuilder line = new StringBuilder(command).append(' ').append(keyAndLength);
        for (String flag : flags) {
            line.append(' ').append(flag);
        }
        return line.append("\r\n").toString();
    }

    /** A random choice of the flags in random order, without two that begin alike. */
    private List<String> flags(String... from) {
        List<String> flags = new ArrayList<>();
        for (String flag : from) {
            if (random.nextInt(3) == 0 && flags.stream().noneMatch(f -> f.charAt(0) == flag.charAt(0))) {
                flags.add(random.nextInt(flags.size() + 1), flag);
            }
        }
        return flags;
    }

    private void maybe(int oneIn, List<String> flags, String flag) {
        if (random.nextInt(oneIn) == 0 && flags.stream().noneMatch(f -> f.charAt(0) == flag.charAt(0))) {
            flags.add(random.nextInt(flags.size() + 1), flag);
        }
    }

    private String wantedCas(String key) {
        return switch (random.nextInt(8)) {
            case 0 -> "0";
            case 1 -> "999999999999";
            case 2 -> "1";
            default -> "<cas:" + key + ">";
        };
    }

    private static boolean isBinary(String key) {
        for (String binary : BINARY_KEYS) {
            if (binary.equals(key)) {
                return true;
            }
        }
        return false;
    }

    private String metaKey() {
        return random.nextInt(5) == 0 ? pick(BINARY_KEYS) : key();
    }

    private String key() {
        return KEYS[Math.min(random.nextInt(KEYS.length), random.nextInt(KEYS.length))];
    }

    private String value() {
        String value = random.nextInt(3) == 0 ? Integer.toString(random.nextInt(200)) : pick(VALUES);
        // 1.6.18 looks for the sign of a large number behind the value, too, where other items have been.
        return dialect == Dialect.SINCE_1_6_18 ? value.replace('-', '_') : value;
    }

    private String noreply() {
        return random.nextInt(8) == 0 ? " noreply" : "";
    }

    private String pick(String... from) {
        return from[random.nextInt(from.length)];
    }
}
