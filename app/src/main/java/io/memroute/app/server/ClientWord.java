package io.memroute.app.server;

import io.memroute.app.process.UnixSocket.Message;
import io.memroute.proxy.client.accept.MovingClient;
import io.memroute.transport.kernel.SocketDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The word with which a client moves to another process: {@code client USER ADDRESS PORT BYTES}, and its descriptor.
 * The user and the bytes are in base 64; {@code -} stands for what there is not.
 */
final class ClientWord {

    private static final String CLIENT = "client";
    private static final String NONE = "-";

    private ClientWord() {}

    static String of(MovingClient client) {
        String address = client.address()
                .map(told -> told.getAddress().getHostAddress() + " " + told.getPort())
                .orElse(NONE + " " + NONE);
        return String.join(
                " ",
                CLIENT,
                encoded(client.user().getBytes(StandardCharsets.UTF_8)),
                address,
                encoded(client.received()));
    }

    /**
     * Reads it. If that fails, the descriptors that came with it are closed.
     *
     * @throws IOException if it is no such word
     */
    static MovingClient read(Message message) throws IOException {
        try {
            return client(message);
        } catch (IOException | RuntimeException e) {
            message.descriptors().forEach(SocketDescriptor::close);
            throw e;
        }
    }

    private static MovingClient client(Message message) throws IOException {
        String[] words = message.text().split(" ");
        if (words.length != 5
                || !words[0].equals(CLIENT)
                || message.descriptors().size() != 1) {
            throw new IOException("it came with \"" + message.text() + "\" and "
                    + message.descriptors().size() + " descriptors, expected " + CLIENT + " and one");
        }
        Optional<InetSocketAddress> address = words[2].equals(NONE)
                ? Optional.empty()
                : Optional.of(new InetSocketAddress(InetAddress.ofLiteral(words[2]), Integer.parseInt(words[3])));
        String user = new String(decoded(words[1]), StandardCharsets.UTF_8);
        return new MovingClient(message.descriptors().getFirst(), user, address, decoded(words[4]));
    }

    private static String encoded(byte[] bytes) {
        return bytes.length == 0 ? NONE : Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] decoded(String word) {
        return word.equals(NONE) ? new byte[0] : Base64.getDecoder().decode(word);
    }
}
