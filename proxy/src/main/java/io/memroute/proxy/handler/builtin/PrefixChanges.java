package io.memroute.proxy.handler.builtin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.protocol.Base64Key;
import io.memroute.protocol.Command;
import io.memroute.protocol.Request;
import io.memroute.protocol.RequestParser;
import io.memroute.proxy.handler.Changes;
import io.memroute.proxy.route.builtin.PrefixRoute;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The key that {@code route_prefix} gives its child. A test compares it with the one that the route sends. */
record PrefixChanges(PrefixRoute.Change change) implements Changes {

    @Override
    public boolean key() {
        return true;
    }

    @Override
    public boolean ttl() {
        return false;
    }

    @Override
    public String beginning(String beginning) {
        String strip = change.strip();
        String add = change.add();
        if (!strip.isEmpty() && beginning.startsWith(strip)) {
            return add + beginning.substring(strip.length());
        }
        if (change.ensure() && beginning.startsWith(add)) {
            return beginning;
        }
        boolean uncertain = !strip.isEmpty() && strip.startsWith(beginning)
                || change.ensure() && !add.isEmpty() && add.startsWith(beginning);
        return uncertain ? add : add + beginning;
    }

    /** The request itself if the route refuses what the key would become. */
    @Override
    public Request passedOn(Request request) {
        byte[] buffer = new byte[Request.MAX_KEY_LENGTH];
        int length = request.keyLength();
        if (request.base64Key()) {
            length = Base64Key.decode(request.buffer(), request.keyIndex(), length, buffer);
        } else {
            request.buffer().getBytes(request.keyIndex(), buffer, 0, length);
        }
        String key = new String(buffer, 0, length, ISO_8859_1);
        byte[] rewritten = rewritten(key).getBytes(ISO_8859_1);
        if (rewritten.length == 0 || rewritten.length > Request.MAX_KEY_LENGTH) {
            return request;
        }
        Request result = new Request();
        ByteBuf line = line(request, rewritten);
        boolean good = new RequestParser().parse(line, 0, line.writerIndex(), result) == RequestParser.COMPLETE;
        return good ? result : request;
    }

    private String rewritten(String key) {
        String strip = asBytes(change.strip());
        String add = asBytes(change.add());
        String suffix = asBytes(change.suffix());
        if (!strip.isEmpty() && key.startsWith(strip)) {
            return add + key.substring(strip.length()) + suffix;
        }
        return (change.ensure() && key.startsWith(add) ? key : add + key) + suffix;
    }

    /** A text with a character for each byte. */
    private static String asBytes(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    /** A line whose key alone matters, and whose command is the same for the words of the handlers below. */
    private static ByteBuf line(Request request, byte[] key) {
        ByteBuf line = Unpooled.buffer();
        Command command = request.command();
        line.writeCharSequence(command.word() + " ", ISO_8859_1);
        if (command == Command.GAT || command == Command.GATS) {
            line.writeBytes(request.buffer(), request.tokenIndex(1), request.tokenLength(1))
                    .writeByte(' ');
        }
        if (request.base64Key()) {
            Base64Key.encode(key, 0, key.length, line);
        } else {
            line.writeBytes(key);
        }
        int afterKey = command == Command.GAT || command == Command.GATS ? 3 : 2;
        for (int token = afterKey; !command.isClassicGet() && token < request.tokenCount(); token++) {
            line.writeByte(' ').writeBytes(request.buffer(), request.tokenIndex(token), request.tokenLength(token));
        }
        line.writeCharSequence("\r\n", ISO_8859_1);
        return line;
    }
}
