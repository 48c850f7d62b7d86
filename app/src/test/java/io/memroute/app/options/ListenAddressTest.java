package io.memroute.app.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.memroute.proxy.ListenerSpec.Protocol;
import io.memroute.proxy.tls.ListenerTls;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** memcached's {@code -l} syntax: docs/reference/proxy-api.md section 1.2. */
class ListenAddressTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            nullValues = "-",
            value = {
                // element                             | tag      | protocol | host            | port
                "127.0.0.1                             | ''       | -        | 127.0.0.1       | -",
                "127.0.0.1:11212                       | ''       | -        | 127.0.0.1       | 11212",
                "cache.example.com:11212               | ''       | -        | cache.example.com | 11212",
                "*                                     | ''       | -        | ''              | -",
                "*:11212                               | ''       | -        | ''              | 11212",
                "[::1]                                 | ''       | -        | ::1             | -",
                "[::1]:11212                           | ''       | -        | ::1             | 11212",
                "::1                                   | ''       | -        | ::1             | -",
                "fe80::1:2                             | ''       | -        | fe80::1:2       | -",
                "localhost:0                           | ''       | -        | localhost       | 0",
                "tag_b_:127.0.0.1:11212                | b        | -        | 127.0.0.1       | 11212",
                "tag_b_:127.0.0.1                      | b        | -        | 127.0.0.1       | -",
                "tag[b]:127.0.0.1:11212                | b        | -        | 127.0.0.1       | 11212",
                "tag[a_b]:127.0.0.1:11212              | a_b      | -        | 127.0.0.1       | 11212",
                "tag_12345678_:127.0.0.1:11212         | 12345678 | -        | 127.0.0.1       | 11212",
                "tag_b_:[::1]:11212                    | b        | -        | ::1             | 11212",
                "tag_b_:*:11212                        | b        | -        | ''              | 11212",
                "tagged.example.com:11212              | ''       | -        | tagged.example.com | 11212",
                "b:127.0.0.1:11212                     | b        | -        | 127.0.0.1       | 11212",
                "b:localhost:11212                     | b        | -        | localhost       | 11212",
                "b:*:11212                             | b        | -        | ''              | 11212",
                "b:[::1]:11212                         | b        | -        | ::1             | 11212",
                "b:[::1]                               | b        | -        | ::1             | -",
                "a::1                                  | ''       | -        | a::1            | -",
                "proto[ascii]:127.0.0.1:11212          | ''       | ASCII    | 127.0.0.1       | 11212",
                "proto[negotiating]:127.0.0.1:11212    | ''       | ASCII    | 127.0.0.1       | 11212",
                "proto[asc]:127.0.0.1:11212            | ''       | ASCII    | 127.0.0.1       | 11212",
                "proto[proxy]:127.0.0.1:11212          | ''       | PROXY    | 127.0.0.1       | 11212",
                "proto[p]:tag_b_:127.0.0.1:11212       | b        | PROXY    | 127.0.0.1       | 11212",
                "proto[proxy]:tag[b]:[::1]:11212       | b        | PROXY    | ::1             | 11212",
            })
    void readsOneElement(String element, String tag, Protocol protocol, String host, Integer port)
            throws UsageException {
        assertThat(ListenAddress.list(element, true, false))
                .containsExactly(new ListenAddress(
                        tag, Optional.ofNullable(protocol), host, Optional.ofNullable(port), ListenerTls.NONE, false));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, USUAL",
        "notls:127.0.0.1, NONE",
        "btls:127.0.0.1, BASIC",
        "mtls:127.0.0.1, MUTUAL",
        "mtls:proto[ascii]:tag_tools_:127.0.0.1, MUTUAL"
    })
    void aPrefixSaysHowAnElementIsEncrypted(String element, ListenerTls tls) throws UsageException {
        assertThat(ListenAddress.list(element, true, true))
                .singleElement()
                .satisfies(address -> assertThat(address.tls()).isEqualTo(tls))
                .satisfies(address -> assertThat(address.host()).isEqualTo("127.0.0.1"));
    }

    @Test
    void clientsOfAnElementNeedNotLogInIfItSaysSo() throws UsageException {
        assertThat(ListenAddress.list("noauth:notls:tag_a_:127.0.0.1:2,127.0.0.1:3", true, true))
                .containsExactly(
                        new ListenAddress("a", Optional.empty(), "127.0.0.1", Optional.of(2), ListenerTls.NONE, true),
                        new ListenAddress("", Optional.empty(), "127.0.0.1", Optional.of(3), ListenerTls.USUAL, false));
    }

    @Test
    void connectionsOfAnElementBeginWithAHeaderOfTheProxyProtocolIfItSaysSo() throws UsageException {
        assertThat(ListenAddress.list("noauth:proxyproto:btls:127.0.0.1:2", true, true))
                .containsExactly(new ListenAddress(
                        "", Optional.empty(), "127.0.0.1", Optional.of(2), ListenerTls.BASIC, true, true));
    }

    @Test
    void separatesElementsByCommaAndSemicolon() throws UsageException {
        assertThat(ListenAddress.list("127.0.0.1;tag_b_:127.0.0.1:2,,*:3", true, false))
                .containsExactly(
                        new ListenAddress("", Optional.empty(), "127.0.0.1", Optional.empty(), ListenerTls.NONE, false),
                        new ListenAddress("b", Optional.empty(), "127.0.0.1", Optional.of(2), ListenerTls.NONE, false),
                        new ListenAddress("", Optional.empty(), "", Optional.of(3), ListenerTls.NONE, false));
        assertThat(ListenAddress.list("", true, false)).isEqualTo(List.of());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "tag__:127.0.0.1            | Listener tags must be between 1 and 8 characters: \"\"",
                "tag_123456789_:127.0.0.1   | Listener tags must be between 1 and 8 characters: \"123456789\"",
                "tag[]:127.0.0.1            | Listener tags must be between 1 and 8 characters: \"\"",
                "123456789:127.0.0.1:11212  | Listener tags must be between 1 and 8 characters: \"123456789\"",
                "tag_b:127.0.0.1            | Invalid tag in socket config: \"_b:127.0.0.1\"",
                "tag[b:127.0.0.1            | Invalid tag in socket config: \"[b:127.0.0.1\"",
                "tag_b_127.0.0.1            | Missing ':' after the tag in socket config: \"tag_b_127.0.0.1\"",
                "proto[ascii:127.0.0.1      | Invalid protocol spec: \"[ascii:127.0.0.1\"",
                "proto[ascii]127.0.0.1      | Missing ':' after the protocol in socket config: "
                        + "\"proto[ascii]127.0.0.1\"",
                "proto[http]:127.0.0.1      | Unknown protocol \"http\" in \"proto[http]:127.0.0.1\" "
                        + "(expected ascii, negotiating or proxy)",
                "proto[]:127.0.0.1          | Unknown protocol \"\" in \"proto[]:127.0.0.1\" (expected "
                        + "ascii, negotiating or proxy)",
                "proto[binary]:127.0.0.1    | This server does not speak the binary protocol: "
                        + "\"proto[binary]:127.0.0.1\"",
                "[::1                       | Invalid IPV6 address: \"[::1\"",
                "[::1]11212                 | Invalid port number: \"11212\"",
                "127.0.0.1:                 | Invalid port number: \"\"",
                "127.0.0.1:http             | Invalid port number: \"http\"",
                "127.0.0.1:65536            | Invalid port number: \"65536\"",
                "127.0.0.1:-1               | Invalid port number: \"-1\"",
                "notls:127.0.0.1            | 'notls' option is valid only when SSL is enabled",
                "btls:127.0.0.1             | 'btls' option is valid only when SSL is enabled",
                "mtls:127.0.0.1             | 'mtls' option is valid only when SSL is enabled",
            })
    void refusesWithMemcachedsTextWhatItCannotRead(String element, String message) {
        UsageException refusal =
                catchThrowableOfType(UsageException.class, () -> ListenAddress.list(element, true, false));
        assertThat(refusal).hasMessage(message);
        assertThat(refusal.exitStatus()).isEqualTo(71);
    }

    @ParameterizedTest
    @CsvSource({
        "notls:noauth:127.0.0.1:2, noauth",
        "proto[ascii]:mtls:127.0.0.1:2, mtls",
        "tag_a_:notls:127.0.0.1, notls",
        "mtls:proxyproto:[::1], proxyproto",
        "mtls:btls:*, btls"
    })
    void refusesPrefixesThatWouldBeTagsWhereTheyStand(String element, String word) {
        assertThat(catchThrowableOfType(UsageException.class, () -> ListenAddress.list(element, true, true)))
                .hasMessage("'" + word + ":' is at the wrong place in \"" + element + "\": the order is noauth:, "
                        + "proxyproto:, notls:, btls: or mtls:, proto[...]:, the tag, the address");
    }

    @Test
    void refusesTheProxyProtocolWithoutAProxyConfiguration() {
        assertThat(catchThrowableOfType(
                        UsageException.class, () -> ListenAddress.list("proto[proxy]:127.0.0.1", false, false)))
                .hasMessage("Proxy must be enabled to use: \"proto[proxy]:127.0.0.1\"");
    }
}
