package io.memroute.proxy.explain;

import io.memroute.protocol.Request;
import io.memroute.proxy.access.Access;
import io.memroute.proxy.access.AccessRule;
import io.memroute.proxy.access.AccessRules;
import io.memroute.proxy.access.IdentityName;
import io.memroute.proxy.access.RulePlace;
import io.memroute.proxy.config.SourceLocation;
import io.memroute.proxy.trust.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The decision about a command of a client by the rules of {@code access{}}.
 *
 * @param client the names by which the client is known; empty if none was said
 * @param allowed whether the command is answered
 * @param reasons one or two for each key
 */
public record Judgement(String client, boolean allowed, List<Reason> reasons) {

    /**
     * @param about the command, or the class of commands, and the key
     * @param finding what decides, in words
     * @param where the rule that decides; empty if none does
     */
    public record Reason(String about, boolean allowed, String finding, Optional<SourceLocation> where) {}

    /**
     * Judges a command.
     *
     * @param names of the client; empty if it is not known who asks
     * @param tag of its listener
     * @return empty if there is nothing to say: no rules, and nobody in particular who asks
     */
    static Optional<Judgement> of(AccessRules rules, CommandLine line, List<IdentityName> names, String tag) {
        if (names.isEmpty()) {
            return rules.mayRefuse()
                    ? Optional.of(new Judgement(
                            "", true, List.of(unjudged("depends on the client; --as IDENTITY asks for one"))))
                    : Optional.empty();
        }
        String client = names.stream().map(IdentityName::toString).collect(Collectors.joining(","));
        if (!rules.mayRefuse()) {
            return Optional.of(new Judgement(client, true, List.of(unjudged("allowed: no rule refuses anything"))));
        }
        Identity identity = Identity.tagged(tag);
        for (IdentityName name : names) {
            identity = name.addTo(identity);
        }
        Access.Rights rights = new Access(rules).rightsOf(identity);
        List<Reason> reasons = new ArrayList<>();
        for (Request request : line.perKey()) {
            for (Access.Step step : rights.explain(request)) {
                reasons.add(reason(step, request, rules));
            }
        }
        if (reasons.isEmpty()) {
            reasons.add(
                    unjudged("allowed: every client may use " + line.command().word()));
        }
        return Optional.of(new Judgement(client, reasons.stream().allMatch(Reason::allowed), List.copyOf(reasons)));
    }

    private static Reason unjudged(String finding) {
        return new Reason("", true, finding, Optional.empty());
    }

    private static Reason reason(Access.Step step, Request request, AccessRules rules) {
        String about = request.keyLength() == 0 ? step.part() : step.part() + " " + CommandLine.keyOf(request);
        String verdict = step.allowed() ? "allowed" : "refused";
        return new Reason(
                about,
                step.allowed(),
                verdict + " "
                        + step.rule()
                                .map(rule -> "by " + words(rule))
                                .orElse("by default: none of the "
                                        + rules.rules().size() + " rules applies"),
                step.rule().map(rule -> place(rule.where())));
    }

    /** A rule as a configuration has it. */
    static String words(AccessRule rule) {
        return "{ who = " + list(rule.who().stream().map(IdentityName::toString).toList())
                + (rule.allows() ? ", allow = " : ", deny = ") + list(rule.commands())
                + (rule.keys().isEmpty() ? "" : ", keys = " + list(rule.keys())) + " }";
    }

    private static String list(List<String> texts) {
        String inner = texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(", "));
        return texts.size() == 1 ? inner : "{ " + inner + " }";
    }

    static SourceLocation place(RulePlace place) {
        return new SourceLocation(place.file(), place.line(), place.column());
    }
}
