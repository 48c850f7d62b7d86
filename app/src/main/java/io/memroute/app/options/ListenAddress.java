package io.memroute.app.options;

import io.memroute.proxy.ListenerSpec.Protocol;
import io.memroute.proxy.tls.ListenerTls;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One element of {@code -l}, as written: nothing is looked up yet.
 *
 * @param tag the route tree its connections use, or empty
 * @param protocol what it speaks, or empty for the default of the command line
 * @param host a name or address without brackets; empty for every address of this machine
 * @param port the TCP port, or empty for that of {@code -p}
 * @param tls how its connections are encrypted
 * @param anonymous whether its clients need not log in
 * @param proxied whether connections begin with a header of the PROXY protocol
 * @see "docs/reference/proxy-api.md section 1.2"
 */
public record ListenAddress(
        String tag,
        Optional<Protocol> protocol,
        String host,
        Optional<Integer> port,
        ListenerTls tls,
        boolean anonymous,
        boolean proxied) {

    /** Before a listener whose clients need not log in. */
    static final String ANONYMOUS = "noauth:";

    /** Before a listener for load balancers that tell the address of the client. */
    static final String PROXIED = "proxyproto:";

    private static final Set<String> PREFIXES = Set.of(ANONYMOUS, PROXIED);

    private static final Map<String, ListenerTls> TLS_WORDS =
            Map.of("notls", ListenerTls.NONE, "btls", ListenerTls.BASIC, "mtls", ListenerTls.MUTUAL);

    /** An element for clients that connect themselves. */
    ListenAddress(
            String tag,
            Optional<Protocol> protocol,
            String host,
            Optional<Integer> port,
            ListenerTls tls,
            boolean anonymous) {
        this(tag, protocol, host, port, tls, anonymous, false);
    }

    /**
     * Reads a list as memcached does, elements separated by comma or semicolon.
     *
     * @param proxy whether a proxy configuration was given, without which {@code proto[proxy]} is refused
     * @param encrypted whether listeners have TLS unless they say otherwise ({@code -Z})
     * @throws UsageException with memcached's text where it has one, quoting the element
     */
    static List<ListenAddress> list(String text, boolean proxy, boolean encrypted) throws UsageException {
        List<ListenAddress> addresses = new ArrayList<>();
        for (String element : text.split("[,;]")) {
            if (!element.isBlank()) {
                addresses.add(element(element.strip(), proxy, encrypted));
            }
        }
        return addresses;
    }

    private static ListenAddress element(String element, boolean proxy, boolean encrypted) throws UsageException {
        String rest = element;
        boolean anonymous = rest.startsWith(ANONYMOUS);
        if (anonymous) {
            rest = rest.substring(ANONYMOUS.length());
        }
        boolean proxied = rest.startsWith(PROXIED);
        if (proxied) {
            rest = rest.substring(PROXIED.length());
        }
        ListenerTls tls = encrypted ? ListenerTls.USUAL : ListenerTls.NONE;
        for (Map.Entry<String, ListenerTls> word : TLS_WORDS.entrySet()) {
            if (rest.startsWith(word.getKey() + ":")) {
                if (!encrypted) {
                    throw refused("'" + word.getKey() + "' option is valid only when SSL is enabled");
                }
                tls = word.getValue();
                rest = rest.substring(word.getKey().length() + 1);
                break;
            }
        }
        refuseLatePrefixes(rest, element);
        Optional<Protocol> protocol = Optional.empty();
        if (rest.startsWith("proto[")) {
            int close = rest.indexOf(']');
            if (close < 0) {
                throw refused("Invalid protocol spec: \"" + rest.substring("proto".length()) + "\"");
            }
            protocol = Optional.of(protocol(rest.substring("proto[".length(), close), element, proxy));
            rest = afterColon(rest, close + 1, "protocol", element);
        }

        String tag = "";
        if (rest.startsWith("tag[") || rest.startsWith("tag_")) {
            int close = rest.indexOf(rest.charAt(3) == '[' ? ']' : '_', 4);
            if (close < 0) {
                throw refused("Invalid tag in socket config: \"" + rest.substring("tag".length()) + "\"");
            }
            tag = checkedTag(rest.substring(4, close));
            rest = afterColon(rest, close + 1, "tag", element);
        } else {
            int colon = documentedTagEnd(rest);
            if (colon >= 0) {
                tag = checkedTag(rest.substring(0, colon));
                rest = rest.substring(colon + 1);
            }
        }
        return hostAndPort(tag, protocol, rest, tls, anonymous, proxied);
    }

    /** Otherwise they would be tags, and a listener that is to require certificates would not. */
    private static void refuseLatePrefixes(String rest, String element) throws UsageException {
        for (String word : rest.split(":", -1)) {
            if (PREFIXES.contains(word + ":") || TLS_WORDS.containsKey(word)) {
                throw refused("'" + word + ":' is at the wrong place in \"" + element + "\": the order is noauth:, "
                        + "proxyproto:, notls:, btls: or mtls:, proto[...]:, the tag, the address");
            }
        }
    }

    private static ListenAddress hostAndPort(
            String tag, Optional<Protocol> protocol, String text, ListenerTls tls, boolean anonymous, boolean proxied)
            throws UsageException {
        String host = text;
        Optional<Integer> port = Optional.empty();
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            if (close < 0) {
                throw refused("Invalid IPV6 address: \"" + text + "\"");
            }
            host = text.substring(1, close);
            String after = text.substring(close + 1);
            if (after.startsWith(":")) {
                port = Optional.of(port(after.substring(1)));
            } else if (!after.isEmpty()) {
                throw refused("Invalid port number: \"" + after + "\"");
            }
        } else {
            int colon = text.indexOf(':');
            // More than one colon is an IPv6 address without brackets, and then without a port.
            if (colon >= 0 && text.indexOf(':', colon + 1) < 0) {
                host = text.substring(0, colon);
                port = Optional.of(port(text.substring(colon + 1)));
            }
        }
        return new ListenAddress(tag, protocol, host.equals("*") ? "" : host, port, tls, anonymous, proxied);
    }

    /** memcached matches protocol names by prefix; names it does not know it ignores, which here is an error. */
    private static Protocol protocol(String name, String element, boolean proxy) throws UsageException {
        if (!name.isEmpty()) {
            if ("ascii".startsWith(name) || "negotiating".startsWith(name)) {
                return Protocol.ASCII;
            }
            if ("proxy".startsWith(name)) {
                if (!proxy) {
                    throw refused("Proxy must be enabled to use: \"" + element + "\"");
                }
                return Protocol.PROXY;
            }
            if ("binary".startsWith(name)) {
                throw refused("This server does not speak the binary protocol: \"" + element + "\"");
            }
        }
        throw refused(
                "Unknown protocol \"" + name + "\" in \"" + element + "\" (expected ascii, negotiating or proxy)");
    }

    private static String checkedTag(String tag) throws UsageException {
        int bytes = tag.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > io.memroute.proxy.ListenerSpec.MAX_TAG_BYTES) {
            throw refused("Listener tags must be between 1 and 8 characters: \"" + tag + "\"");
        }
        return tag;
    }

    /** memcached skips the character after the closing delimiter unseen and so eats a host's first letter. */
    private static String afterColon(String text, int index, String what, String element) throws UsageException {
        if (index >= text.length() || text.charAt(index) != ':') {
            throw refused("Missing ':' after the " + what + " in socket config: \"" + element + "\"");
        }
        return text.substring(index + 1);
    }

    /**
     * Returns the end of the tag in the documented form {@code NAME:host:port}, or -1. memcached's source takes it as a
     * host name; its documentation promises it, and no valid address looks like it.
     */
    private static int documentedTagEnd(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0 || text.startsWith("[")) {
            return -1;
        }
        String rest = text.substring(colon + 1);
        boolean bracketed = rest.startsWith("[");
        boolean hostAndPort = rest.indexOf(':') > 0 && rest.indexOf(':') == rest.lastIndexOf(':');
        return bracketed || hostAndPort && !isIpv6(text) ? colon : -1;
    }

    private static boolean isIpv6(String text) {
        try {
            Inet6Address.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static int port(String text) throws UsageException {
        return (int)
                CNumbers.strictLong(text, 0, 65535).orElseThrow(() -> refused("Invalid port number: \"" + text + "\""));
    }

    private static UsageException refused(String message) {
        return new UsageException(ExitStatus.OS_ERROR, message);
    }
}
