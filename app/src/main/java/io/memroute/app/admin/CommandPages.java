package io.memroute.app.admin;

import io.memroute.app.options.ExitStatus;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The commands that can be about a running proxy, as pages: {@code /api/why?arg=get&arg=user:42} is {@code memroute why
 * get user:42}. The exit status of the command comes as a header.
 */
public final class CommandPages {

    static final String PATH = "/api/";
    /** The parameter of the query that is a word of the command line. */
    static final String WORD = "arg";

    static final String EXIT_STATUS = "Memroute-Exit-Status";

    private CommandPages() {}

    /**
     * Makes a page of each command.
     *
     * @param answer takes the words of the command line, from the command's name on
     */
    public static List<AdminPages.Page> of(List<String> commands, Function<List<String>, AdminReply> answer) {
        return commands.stream()
                .map(command -> new AdminPages.Page(
                        PATH + command,
                        AdminPages.Cost.HIGH,
                        request -> response(request, words(command, request), answer)))
                .toList();
    }

    private static List<String> words(String command, AdminRequest request) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(request.values(WORD));
        return words;
    }

    private static AdminResponse response(
            AdminRequest request, List<String> words, Function<List<String>, AdminReply> answer) {
        for (String name : request.parameters().keySet()) {
            if (!name.equals(WORD)) {
                return reply(new AdminReply(
                        ExitStatus.USAGE, false, "expected the words of the command as ?arg=WORD&arg=WORD\n"));
            }
        }
        if (words.stream().anyMatch(word -> word.chars().anyMatch(c -> c < ' '))) {
            return reply(new AdminReply(ExitStatus.USAGE, false, "expected words without control characters\n"));
        }
        return reply(answer.apply(words));
    }

    private static AdminResponse reply(AdminReply reply) {
        HttpResponseStatus status = reply.answer()
                ? HttpResponseStatus.OK
                : reply.status() == ExitStatus.USAGE
                        ? HttpResponseStatus.BAD_REQUEST
                        : HttpResponseStatus.UNPROCESSABLE_ENTITY;
        AdminResponse text = reply.text().startsWith("{")
                ? AdminResponse.json(reply.text())
                : AdminResponse.text(status, reply.text());
        return new AdminResponse(
                status.code(), text.contentType(), text.body(), Map.of(EXIT_STATUS, Integer.toString(reply.status())));
    }
}
