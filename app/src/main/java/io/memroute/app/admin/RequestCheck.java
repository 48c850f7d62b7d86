package io.memroute.app.admin;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.FORBIDDEN;
import static io.netty.handler.codec.http.HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED;
import static io.netty.handler.codec.http.HttpResponseStatus.LENGTH_REQUIRED;
import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_URI_TOO_LONG;
import static io.netty.handler.codec.http.HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE;

import io.memroute.proxy.text.Shown;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses requests that are malformed, that ask for more than reading, or that a page of another site made a browser
 * send. A page that takes a body works it out and changes nothing; it is for the machine's own users alone.
 *
 * <p>A page whose name is made to lead to the loopback address (DNS rebinding) sends that name as {@code Host}: a
 * listener on a loopback address answers to addresses, to {@code localhost} and to the name it was given. A page of
 * another site that sends to the right name cannot read the answer, but could keep the proxy busy: browsers mark such
 * requests with {@code Origin} or {@code Sec-Fetch-Site}. Links from other sites, such as a dashboard, are followed.
 */
final class RequestCheck {

    private static final Pattern HOST = Pattern.compile("(?<name>\\[[^\\[\\]]+\\]|[^:\\[\\]]+)(?::[0-9]{0,5})?");
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private static final String EXPECTED_VERSION = "expected a request of HTTP/1.1 or HTTP/1.0\n";

    /** Bounds what is posted: a configuration with some thousand lines. */
    static final int MAX_BODY_BYTES = 256 << 10;

    /** The names of this listener besides addresses; empty if it answers to all names. */
    private final Optional<Set<String>> names;
    /** Whether only users of this machine can connect. */
    private final boolean local;

    /** @param at as given, with the name that it was given by */
    RequestCheck(SocketAddress at) {
        local = !(at instanceof InetSocketAddress)
                || ((InetSocketAddress) at).getAddress().isLoopbackAddress();
        names = at instanceof InetSocketAddress tcp && tcp.getAddress().isLoopbackAddress()
                ? Optional.of(
                        new TreeSet<>(List.of("localhost", tcp.getHostString().toLowerCase(Locale.ROOT))))
                : Optional.empty();
    }

    /**
     * Why the request is not answered; empty if it is.
     *
     * @param bodyType the media type that the page takes; empty if it takes no body
     */
    Optional<AdminResponse> refusal(HttpRequest request, Optional<String> bodyType) {
        if (request.decoderResult().isFailure()) {
            return Optional.of(malformed(request.decoderResult().cause()));
        }
        if (request.protocolVersion().majorVersion() != 1) {
            return Optional.of(AdminResponse.text(HTTP_VERSION_NOT_SUPPORTED, EXPECTED_VERSION));
        }
        boolean posts = request.method().equals(HttpMethod.POST) && bodyType.isPresent();
        boolean reads =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (!posts && !(reads && bodyType.isEmpty())) {
            return Optional.of(
                    bodyType.isPresent()
                            ? notAllowed("POST", "expected POST here\n")
                            : notAllowed("GET, HEAD", "nothing can be changed here: expected GET or HEAD\n"));
        }
        return (posts ? bodyRefusal(request, bodyType.get()) : unexpectedBody(request))
                .or(() -> hostRefusal(request))
                .or(() -> siteRefusal(request.headers(), posts));
    }

    private static AdminResponse notAllowed(String allowed, String reason) {
        AdminResponse refusal = AdminResponse.text(METHOD_NOT_ALLOWED, reason);
        return new AdminResponse(refusal.status(), refusal.contentType(), refusal.body(), Map.of("Allow", allowed));
    }

    private static Optional<AdminResponse> unexpectedBody(HttpRequest request) {
        return HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0
                ? Optional.of(AdminResponse.text(REQUEST_ENTITY_TOO_LARGE, "a request must not have a body here\n"))
                : Optional.empty();
    }

    /**
     * The type is none of those that a page of another site may send without being asked first (CORS), so that even a
     * browser that marks nothing asks, and gets no leave.
     */
    private Optional<AdminResponse> bodyRefusal(HttpRequest request, String type) {
        if (!local) {
            return Optional.of(AdminResponse.text(
                    FORBIDDEN, "this is for a listener on a loopback address or a UNIX socket only\n"));
        }
        CharSequence given = HttpUtil.getMimeType(request);
        if (given == null || !type.contentEquals(given)) {
            return Optional.of(
                    AdminResponse.text(UNSUPPORTED_MEDIA_TYPE, "expected a body of the type " + type + "\n"));
        }
        if (HttpUtil.isTransferEncodingChunked(request) || !HttpUtil.isContentLengthSet(request)) {
            return Optional.of(AdminResponse.text(LENGTH_REQUIRED, "expected a header Content-Length\n"));
        }
        return HttpUtil.getContentLength(request, 0L) > MAX_BODY_BYTES
                ? Optional.of(AdminResponse.text(
                        REQUEST_ENTITY_TOO_LARGE, "a body has at most " + MAX_BODY_BYTES + " bytes here\n"))
                : Optional.empty();
    }

    private static AdminResponse malformed(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException tooLong ->
                AdminResponse.text(
                        REQUEST_URI_TOO_LONG,
                        "a request line has at most " + AdminConnection.MAX_LINE_BYTES + " bytes\n");
            case TooLongHttpHeaderException tooLong ->
                AdminResponse.text(
                        REQUEST_HEADER_FIELDS_TOO_LARGE,
                        "headers have at most " + AdminConnection.MAX_HEADER_BYTES + " bytes\n");
            default -> AdminResponse.text(BAD_REQUEST, EXPECTED_VERSION);
        };
    }

    private Optional<AdminResponse> hostRefusal(HttpRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.isEmpty()) {
            return request.protocolVersion().equals(HttpVersion.HTTP_1_0)
                    ? Optional.empty()
                    : Optional.of(AdminResponse.text(BAD_REQUEST, "expected a header Host\n"));
        }
        if (hosts.size() > 1) {
            return Optional.of(AdminResponse.text(BAD_REQUEST, "expected one header Host\n"));
        }
        if (names.isEmpty() || answersTo(hosts.getFirst().strip())) {
            return Optional.empty();
        }
        return Optional.of(AdminResponse.text(
                FORBIDDEN,
                "this listener is on a loopback address, and does not answer to the name \""
                        + Shown.text(hosts.getFirst()) + "\": expected an address or one of " + names.get() + "\n"));
    }

    private boolean answersTo(String host) {
        Matcher matcher = HOST.matcher(host);
        if (!matcher.matches()) {
            return false;
        }
        String name = matcher.group("name").toLowerCase(Locale.ROOT);
        return names.orElseThrow().contains(name) || isAddress(name.replaceAll("[\\[\\]]", ""));
    }

    private static boolean isAddress(String text) {
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** @param posts whether the request brings something: then not even a link is followed */
    private static Optional<AdminResponse> siteRefusal(HttpHeaders headers, boolean posts) {
        String site = headers.get("Sec-Fetch-Site", "none");
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        String host = headers.get(HttpHeaderNames.HOST, "");
        boolean follows = !posts && headers.get("Sec-Fetch-Mode", "").equals("navigate");
        boolean foreign = origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host);
        return foreign || !OWN_SITE.contains(site) && !follows
                ? Optional.of(AdminResponse.text(FORBIDDEN, "requests from pages of other sites are refused\n"))
                : Optional.empty();
    }
}
