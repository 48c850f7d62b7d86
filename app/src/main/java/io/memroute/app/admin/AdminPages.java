package io.memroute.app.admin;

import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pages of an admin listener by their paths. Immutable. */
public final class AdminPages {

    /** The time for which the answer of a page may keep a processor busy. */
    public enum Cost {
        /** Milliseconds: numbers are read. */
        LOW,
        /** Seconds: routes are run, keys are hashed. Such questions never keep the others waiting. */
        HIGH
    }

    /**
     * One page; called on a thread of {@link TimedAnswers}.
     *
     * @param bodyType the media type of what is posted to it; empty if it is only read
     */
    public record Page(
            String path, Cost cost, Optional<String> bodyType, Function<AdminRequest, AdminResponse> answer) {

        /** A page that is only read. */
        public Page(String path, Cost cost, Function<AdminRequest, AdminResponse> answer) {
            this(path, cost, Optional.empty(), answer);
        }
    }

    private final Map<String, Page> pages = new TreeMap<>();
    private final Page otherwise;

    private AdminPages(List<Page> pages, Function<AdminRequest, AdminResponse> otherwise) {
        pages.forEach(page -> this.pages.put(page.path(), page));
        this.otherwise = new Page("", Cost.LOW, otherwise);
    }

    /**
     * The pages while a proxy reads its configuration: it lives, and is not ready.
     *
     * @param more those that can be answered already
     */
    public static AdminPages starting(List<Page> more) {
        List<Page> alive = List.of(
                new Page("/livez", Cost.LOW, request -> AdminResponse.text(OK, "ok\n")),
                new Page("/-/healthy", Cost.LOW, request -> AdminResponse.text(OK, "ok\n")));
        return new AdminPages(
                Stream.concat(alive.stream(), more.stream()).toList(),
                request -> AdminResponse.text(SERVICE_UNAVAILABLE, "the proxy is starting; ask again\n"));
    }

    /** Exactly these pages; any other path is answered with a list of them. */
    public static AdminPages of(List<Page> pages) {
        return of(pages, List.of());
    }

    /**
     * As {@link #of(List)}, with more pages that the list leaves out.
     *
     * @param parts what another page is made of
     */
    public static AdminPages of(List<Page> pages, List<Page> parts) {
        String list =
                pages.stream().map(Page::path).sorted().map(path -> path + "\n").collect(Collectors.joining());
        return new AdminPages(
                Stream.concat(pages.stream(), parts.stream()).toList(),
                request -> AdminResponse.text(NOT_FOUND, "there is no such page; there are:\n" + list));
    }

    /** The page of exactly this path, or the one that says that there is none. */
    Page page(String path) {
        return Optional.ofNullable(pages.get(path)).orElse(otherwise);
    }
}
