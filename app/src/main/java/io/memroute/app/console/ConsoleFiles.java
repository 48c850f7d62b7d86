package io.memroute.app.console;

import static io.netty.handler.codec.http.HttpResponseStatus.NOT_MODIFIED;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.app.admin.AdminPages.Cost;
import io.memroute.app.admin.AdminPages.Page;
import io.memroute.app.admin.AdminRequest;
import io.memroute.app.admin.AdminResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;

/** The files of the console, out of the program's jar. A browser keeps them, and asks each time if they still hold. */
public final class ConsoleFiles {

    /** All that pages of the console may do: use what comes from here. Nothing of it may stand in the page itself. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";

    private static final String ROOT = "/console/";

    private static final List<String> FILES = List.of(
            "charts.js",
            "configuration.js",
            "console.css",
            "dom.js",
            "events.js",
            "format.js",
            "icon.svg",
            "keys.js",
            "live.js",
            "main.js",
            "moves.js",
            "overview.js",
            "routes.js",
            "servers.js",
            "slow.js",
            "sources.js",
            "table.js",
            "where.js");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private ConsoleFiles() {}

    /** The console at {@code /}, and its parts. */
    public static List<Page> pages() {
        String charts = "/META-INF/resources/webjars/uplot/" + version("uplot") + "/dist/";
        return Stream.concat(
                        Stream.of(
                                page("/", "index.html"),
                                page(ROOT + "uPlot.js", charts + "uPlot.esm.js"),
                                page(ROOT + "uPlot.css", charts + "uPlot.min.css")),
                        FILES.stream().map(file -> page(ROOT + file, file)))
                .toList();
    }

    private static Page page(String path, String resource) {
        byte[] content = read(resource);
        String tag = '"' + digest(content) + '"';
        String type = Objects.requireNonNull(TYPES.get(resource.substring(resource.lastIndexOf('.') + 1)), resource);
        Map<String, String> headers = Map.of(
                "Content-Security-Policy", POLICY,
                "Cache-Control", "no-cache",
                "ETag", tag,
                "Referrer-Policy", "no-referrer",
                "Cross-Origin-Opener-Policy", "same-origin",
                "Cross-Origin-Resource-Policy", "same-origin");
        AdminResponse whole = new AdminResponse(OK.code(), type, content, headers);
        AdminResponse known = new AdminResponse(NOT_MODIFIED.code(), type, new byte[0], headers);
        return new Page(path, Cost.LOW, request -> holds(request, tag) ? known : whole);
    }

    /** Whether what the browser has still holds; a proxy on the way may have made the tag a weak one. */
    private static boolean holds(AdminRequest request, String tag) {
        return Stream.of(request.knownTag().split(","))
                .map(known -> known.strip().replaceFirst("^W/", ""))
                .anyMatch(tag::equals);
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Returns the version of a library, under which its files lie, as the build knows it. */
    private static String version(String library) {
        Properties versions = new Properties();
        try {
            versions.load(new java.io.StringReader(new String(read("libraries.properties"), UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions.getProperty(library);
    }

    private static byte[] read(String resource) {
        try (InputStream in = ConsoleFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the program's jar lacks " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
