package io.memroute.proxy.config.source;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that a mistyped one was meant to be, for error messages. */
public final class NearestName {

    /** Shorter beginnings say nothing: {@code a} is one of many names. */
    private static final int SHORTEST_BEGINNING = 4;

    private NearestName() {}

    /** {@code (did you mean "x"?)} with a leading space, or nothing if no name is near. */
    public static String hint(String typed, Collection<String> known) {
        return of(typed, known).map(name -> " (did you mean \"" + name + "\"?)").orElse("");
    }

    /**
     * The known name with the fewest typing mistakes to {@code typed}, if they are few for its length or one of the two
     * is the beginning of the other; case does not count. Of equally near ones the alphabetically first.
     */
    static Optional<String> of(String typed, Collection<String> known) {
        String lower = typed.toLowerCase(Locale.ROOT);
        int most = Math.max(1, typed.length() / 3);
        record Candidate(String name, int mistakes) {}
        return known.stream()
                .map(name -> new Candidate(name, mistakes(lower, name.toLowerCase(Locale.ROOT))))
                .filter(candidate -> candidate.mistakes() <= most && candidate.mistakes() < typed.length()
                        || beginsWithTheOther(lower, candidate.name().toLowerCase(Locale.ROOT)))
                .min(Comparator.comparingInt(Candidate::mistakes).thenComparing(Candidate::name))
                .map(Candidate::name);
    }

    private static boolean beginsWithTheOther(String a, String b) {
        return Math.min(a.length(), b.length()) >= SHORTEST_BEGINNING && (a.startsWith(b) || b.startsWith(a));
    }

    /**
     * The Damerau-Levenshtein distance in its restricted form (optimal string alignment): inserted, missing, wrong and
     * swapped neighbouring characters count one each.
     */
    static int mistakes(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int wrong = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int best = Math.min(last[j - 1] + wrong, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    best = Math.min(best, beforeLast[j - 2] + 1);
                }
                row[j] = best;
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
