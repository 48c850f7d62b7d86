package io.memroute.proxy.config.reader;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds hosts that no resolver can know: mistyped addresses, and characters that no name has. */
final class DoubtfulHost {

    /**
     * The characters that a name may have: also what is not ASCII, which resolvers translate, and underscores, which
     * many names do have.
     */
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._-]+");

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    /** Parts of an IPv4 address. */
    private static final int PARTS = 4;

    private static final int LARGEST_PART = 255;

    /** RFC 1035, section 2.3.4. */
    private static final int MAX_LABEL_BYTES = 63;

    private DoubtfulHost() {}

    /** Returns the fault of a host, IPv6 without brackets; empty if there is none. */
    static Optional<String> problem(String host) {
        if (NetUtil.isValidIpV6Address(host)) {
            return Optional.empty();
        }
        if (!NAME.matcher(host).matches()) {
            return Optional.of("has characters that neither host names nor addresses may have");
        }
        String[] parts = host.split("\\.", -1);
        long numbers = Arrays.stream(parts)
                .filter(part -> NUMBER.matcher(part).matches())
                .count();
        if (numbers == parts.length) {
            return address(parts);
        }
        if (parts.length == PARTS && numbers == PARTS - 1) {
            return Optional.of("looks like an address, but has a part that is not a number");
        }
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            if (parts[i].isEmpty() && !(last && i > 0)
                    || parts[i].startsWith("-")
                    || parts[i].endsWith("-")
                    || parts[i].getBytes(UTF_8).length > MAX_LABEL_BYTES) {
                return Optional.of("is not a host name: expected parts of 1 to " + MAX_LABEL_BYTES
                        + " bytes that neither begin nor end with a hyphen");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> address(String[] parts) {
        boolean valid = parts.length == PARTS
                && Arrays.stream(parts).allMatch(part -> part.length() <= 3 && Integer.parseInt(part) <= LARGEST_PART);
        if (!valid) {
            return Optional.of("is not an address: expected four numbers from 0 to " + LARGEST_PART);
        }
        return Arrays.stream(parts).anyMatch(part -> part.length() > 1 && part.startsWith("0"))
                ? Optional.of("has a number with a leading zero, which some resolvers read as octal")
                : Optional.empty();
    }
}
