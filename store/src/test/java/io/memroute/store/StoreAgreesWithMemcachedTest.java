package io.memroute.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.store.RandomCommands.Dialect;
import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sends the same long random streams of commands to a real memcached and to the store; the replies must be the same.
 *
 * <p>{@code -Dmemroute.differential.commands=N} sends N commands per stream, {@code -Dmemroute.differential.seed=N}
 * another stream, {@code -Dmemroute.memcached=PATH} tests against another memcached than the installed one. Debian's
 * 1.6.18 lacks, or answers differently from the current memcached that the store follows:
 *
 * <ul>
 *   <li>the flags {@code E} everywhere, {@code C} of mg, {@code x} of md, {@code s} of ms, {@code N} of ms with append
 *       and prepend: not there;
 *   <li>lines with too few tokens: {@code ERROR} instead of {@code CLIENT_ERROR bad command line format};
 *   <li>the texts for faulty flags of md, and bad lines of ms and set, whose value it does not skip.
 * </ul>
 *
 * <p>It also looks for a minus sign behind a number of 2^63 or more, in memory that another item has left, and may then
 * refuse to count with it. That depends on where it puts items: a stream ends there.
 *
 * <p>memcached's maintenance threads are off: while one looks at an item, it is not counted in place, which shows.
 * Neither is sent a get with a key that is too long: memcached then loses the replies to the commands before it; nor a
 * delayed flush: after an immediate one it brings items back to life. Those are left out of its streams, and are tested
 * one by one in {@link StoreTest}.
 */
class StoreAgreesWithMemcachedTest {
    private static final int COMMANDS = Integer.getInteger("memroute.differential.commands", 10_000);
    private static final long SEED = Long.getLong("memroute.differential.seed", 0);
    private static final int LARGEST_BATCH = 40;
    /** What the replies to a command, or to all of a batch, end with; no value, key or opaque contains an M. */
    private static final String MARK = "MN\r\n";

    private static final Pattern RELEASE = Pattern.compile("1\\.6\\.(\\d+)");
    /** The 1.6.x that the store follows in everything. */
    private static final int CURRENT_RELEASE = 45;

    /** The difference that is told when memcached takes memory behind a large number for a part of it. */
    private static final Pattern BEHIND_THE_NUMBER =
            Pattern.compile("expected CLIENT_ERROR cannot increment or decrement non-numeric value.* but was \\d{19}");

    private static final Pattern CAS_PLACE = Pattern.compile("<cas:([^>]+)>");
    private static final Pattern VALUE_CAS = Pattern.compile("VALUE (\\S+) \\d+ \\d+ (\\d+)\r\n");
    private static final Pattern META_CAS = Pattern.compile("(?:HD|VA \\d+)(?: [^\r\n]*)? c(\\d+)");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void answersTheSameToTheSameCommands(long seed) {
        MemcachedServer.Options options =
                MemcachedServer.options().memoryMegabytes(512).arguments("-o", "no_lru_maintainer,no_lru_crawler");
        String program = System.getProperty("memroute.memcached");
        if (program != null) {
            options.program(Path.of(program));
        }
        try (MemcachedServer server = MemcachedServer.start(options);
                RawClient memcached = server.connect()) {
            memcached.limit(Duration.ofSeconds(30));
            memcached.send("version\r\n");
            compare(memcached, dialect(memcached.readLine()), SEED * 1000 + seed);
        }
    }

    private static Dialect dialect(String versionReply) {
        Matcher release = RELEASE.matcher(versionReply);
        // A build from a checkout may have no number, and is then taken for a new one.
        return release.find() && Integer.parseInt(release.group(1)) < CURRENT_RELEASE
                ? Dialect.SINCE_1_6_18
                : Dialect.CURRENT;
    }

    private static void compare(RawClient memcached, Dialect dialect, long seed) {
        StoreClient store = new StoreClient(
                Store.builder().maximumBytes(512L << 20).executor(Runnable::run).build());
        RandomCommands commands = new RandomCommands(seed, dialect);
        Random random = new Random(seed);
        ReplyComparison comparison = new ReplyComparison();
        Map<String, String> memcachedCas = new HashMap<>();
        Map<String, String> storeCas = new HashMap<>();
        List<String> history = new ArrayList<>();
        // The first CAS numbers, which the stream uses as ones that are surely older than any item.
        String first = "set used 0 0 1\r\n1\r\nset used 0 0 1\r\n1\r\nmn\r\n";
        memcached.send(first);
        assertThat(memcached.readUntil(MARK)).isEqualTo(store.send(first));
        for (int sent = 0; sent < COMMANDS; ) {
            boolean markEach = random.nextBoolean();
            StringBuilder toMemcached = new StringBuilder();
            StringBuilder toStore = new StringBuilder();
            List<String> batch = new ArrayList<>();
            for (int i = random.nextInt(LARGEST_BATCH); i >= 0; i--) {
                String command = commands.next();
                if (!markEach && RandomCommands.counts(command)) {
                    continue;
                }
                batch.add(command);
                toMemcached.append(fillIn(command, memcachedCas)).append(markEach ? "mn\r\n" : "");
                toStore.append(fillIn(command, storeCas)).append(markEach ? "mn\r\n" : "");
            }
            String mark = markEach ? "" : "mn\r\n";
            memcached.send(toMemcached + mark);
            StringBuilder expected = new StringBuilder();
            for (int marks = markEach ? batch.size() : 1; marks > 0; marks--) {
                expected.append(memcached.readUntil(MARK));
            }
            String actual = store.send(toStore + mark);
            history.addAll(batch);
            String difference = firstDifference(comparison, batch, expected.toString(), actual, markEach);
            if (difference != null
                    && dialect == Dialect.SINCE_1_6_18
                    && BEHIND_THE_NUMBER.matcher(difference).find()) {
                return;
            }
            if (difference != null) {
                throw new AssertionError("seed " + seed + ", after " + sent + " commands, " + difference
                        + "\nlast commands: "
                        + shown(history.subList(Math.max(0, history.size() - 60), history.size())));
            }
            learnCas(batch, expected.toString(), memcachedCas, markEach);
            learnCas(batch, actual, storeCas, markEach);
            sent += batch.size();
        }
    }

    private static String firstDifference(
            ReplyComparison comparison, List<String> batch, String expected, String actual, boolean markEach) {
        if (!markEach) {
            String difference = comparison.firstDifference(expected, actual);
            return difference == null ? null : "in a pipelined batch " + shown(batch) + ": " + difference;
        }
        String[] left = expected.split(MARK, -1);
        String[] right = actual.split(MARK, -1);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            String difference = comparison.firstDifference(left[i], right[i]);
            if (difference != null) {
                return "at " + shown(batch.subList(i, i + 1)) + ": " + difference;
            }
        }
        return left.length == right.length ? null : left.length + " replies against " + right.length;
    }

    private static String fillIn(String command, Map<String, String> cas) {
        return CAS_PLACE.matcher(command).replaceAll(place -> cas.getOrDefault(place.group(1), "77777777777"));
    }

    private static void learnCas(List<String> batch, String replies, Map<String, String> cas, boolean markEach) {
        Matcher values = VALUE_CAS.matcher(replies);
        while (values.find()) {
            cas.put(values.group(1), values.group(2));
        }
        String[] each = markEach ? replies.split(MARK, -1) : new String[0];
        for (int i = 0; i < Math.min(each.length, batch.size()); i++) {
            Matcher meta = META_CAS.matcher(each[i]);
            String[] tokens = batch.get(i).split(" ");
            if (tokens[0].startsWith("m") && meta.lookingAt()) {
                cas.put(tokens[1], meta.group(1));
            }
        }
    }

    private static String shown(List<String> commands) {
        StringBuilder text = new StringBuilder();
        for (String command : commands) {
            String line = command.replace("\r\n", "\\r\\n").replace("\0", "\\0");
            text.append('\n').append(line.length() > 200 ? line.substring(0, 200) + "..." : line);
        }
        return text.toString();
    }
}
