package io.memroute.app.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request's target with the address of the server before its path, as proxies are sent it. Every server has to take
 * it, and to believe that address rather than the header {@code Host}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2">RFC 9112, section 3.2.2</a>
 */
final class AbsoluteTarget {

    private static final Pattern FORM =
            Pattern.compile("http://(?<server>[^/?#]+)(?<rest>.*)", Pattern.CASE_INSENSITIVE);

    private AbsoluteTarget() {}

    /** Makes a path of such a target and a header {@code Host} of its server; leaves every other as it is. */
    static void resolve(HttpRequest request) {
        Matcher absolute = FORM.matcher(request.uri());
        if (!absolute.matches()) {
            return;
        }
        String rest = absolute.group("rest");
        request.setUri(rest.startsWith("/") ? rest : "/" + rest);
        int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts == 1 || hosts == 0 && request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            request.headers().set(HttpHeaderNames.HOST, absolute.group("server"));
        }
    }
}
