package io.memroute.proxy.access;

import io.memroute.protocol.Request;
import io.memroute.proxy.trust.Identity;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Rules as one worker applies them to requests. Owned by the worker's thread.
 *
 * <p>What depends on the client alone is found once, when its {@link Rights} are made: they hold the rules that are
 * about it. What is left for a request is to compare bits and the beginning of its key, in the buffer where it lies.
 */
public final class Access {

    private final AccessRules rules;
    private final DecodedKey decoded;
    private final Clause[] clauses;
    private RulePlace refusing = RulePlace.DEFAULT;

    /** A rule with its texts as bytes. */
    private record Clause(AccessRule rule, long bits, KeyPrefixes prefixes) {

        static Clause of(AccessRule rule) {
            return new Clause(rule, rule.bits(), new KeyPrefixes(rule.keys()));
        }
    }

    /**
     * A step of a decision.
     *
     * @param part the class of commands that the request needs the right to, where it needs two; else its command
     * @param rule the rule that decides; empty if none is about it
     */
    public record Step(String part, boolean allowed, Optional<AccessRule> rule) {}

    public Access(AccessRules rules) {
        this(rules, new DecodedKey());
    }

    /** @param decoded the key of the request that is being judged; what judges next may use it too */
    public Access(AccessRules rules, DecodedKey decoded) {
        this.rules = rules;
        this.decoded = decoded;
        this.clauses = rules.rules().stream().map(Clause::of).toArray(Clause[]::new);
    }

    /** The rights of a client, as long as it has this identity. */
    public Rights rightsOf(Identity identity) {
        List<Clause> own = new ArrayList<>();
        for (Clause clause : clauses) {
            if (clause.rule().who().stream().anyMatch(name -> name.isOf(identity))) {
                own.add(clause);
            }
        }
        return new Rights(own.toArray(Clause[]::new));
    }

    /** The rights of the clients with one identity. Owned by the worker's thread. */
    public final class Rights {

        private final Clause[] own;

        private Rights(Clause[] own) {
            this.own = own;
        }

        /**
         * Whether the client may have the request answered; of a get of several keys whether it may read every one.
         * Allocates nothing.
         *
         * @param request a request that is well-formed but for the text of a flag
         */
        public boolean permit(Request request) {
            decoded.forget();
            refusing = RulePlace.DEFAULT;
            long needed = CommandSet.neededBy(request);
            if (needed == 0) {
                return true;
            }
            if (request.command().isMeta() && request.totalTokenCount() > Request.INDEXED_TOKENS) {
                // One of the flags that are not looked at may say that the key is another.
                return false;
            }
            ByteBuf buffer = request.buffer();
            int key = request.keyIndex();
            if (!request.multiKey()) {
                return permit(needed, request, buffer, key, request.keyLength());
            }
            while (key >= 0) {
                int end = request.keyEnd(key);
                if (!permit(needed, request, buffer, key, end - key)) {
                    return false;
                }
                key = request.nextKey(end);
            }
            return true;
        }

        private boolean permit(long needed, Request request, ByteBuf buffer, int key, int length) {
            long open = needed;
            for (Clause clause : own) {
                if ((clause.bits() & open) != 0 && isAbout(clause, request, buffer, key, length)) {
                    if (!clause.rule().allows()) {
                        refusing = clause.rule().where();
                        return false;
                    }
                    open &= ~clause.bits();
                    if (open == 0) {
                        return true;
                    }
                }
            }
            return rules.allowOther();
        }

        /** The place of the rule that has refused the last request which was not permitted. */
        public RulePlace refusing() {
            return refusing;
        }

        /** The steps of the decision about a request with at most one key. */
        public List<Step> explain(Request request) {
            decoded.forget();
            ByteBuf buffer = request.buffer();
            int key = request.keyIndex();
            int length = request.keyLength();
            List<Long> parts = CommandSet.partsOf(CommandSet.neededBy(request));
            List<Step> steps = new ArrayList<>();
            for (long part : parts) {
                Optional<AccessRule> rule = Arrays.stream(own)
                        .filter(clause -> (clause.bits() & part) != 0 && isAbout(clause, request, buffer, key, length))
                        .findFirst()
                        .map(Clause::rule);
                steps.add(new Step(
                        parts.size() == 1
                                ? request.command().word()
                                : CommandSet.changes(part) ? CommandSet.TOUCH : CommandSet.GET,
                        rule.map(AccessRule::allows).orElse(rules.allowOther()),
                        rule));
            }
            return steps;
        }
    }

    private boolean isAbout(Clause clause, Request request, ByteBuf buffer, int key, int length) {
        return clause.prefixes().isEmpty() || clause.prefixes().begin(request, decoded, buffer, key, length);
    }
}
