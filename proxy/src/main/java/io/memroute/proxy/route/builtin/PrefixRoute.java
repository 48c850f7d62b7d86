package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Base64Key;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FixedReply;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.call.OwnReply;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.call.RewrittenCall;
import io.memroute.proxy.route.Route;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Gives the child another key: without a prefix, if the key begins with it, with another one in front, and a suffix
 * behind. Replies name the key that the client asked for.
 */
public final class PrefixRoute implements Route {

    private static final byte[] NOTHING = {};

    private final byte[] strip;
    private final byte[] add;
    private final byte[] suffix;
    /** Whether keys that begin with what is added, and not with what is stripped, get it once more. */
    private final boolean addsAlways;

    private final Route child;
    private final OwnRequest.Source requests;
    private final FreeList<Rewritten> free = new FreeList<>(Rewritten::new);
    private final OwnReply restored = new OwnReply();
    /** The key of the request being rewritten, decoded. */
    private final byte[] key = new byte[Request.MAX_KEY_LENGTH];
    /** A new key, before it is encoded. */
    private final byte[] newKey = new byte[Request.MAX_KEY_LENGTH];

    /**
     * The parts of a key that are changed; each may be empty.
     *
     * @param strip what to remove from the front
     * @param add what to put in front
     * @param ensure whether keys that begin with that, and not with what is removed, stay without it once more
     * @param suffix what to put behind
     */
    public record Change(String strip, String add, boolean ensure, String suffix) {

        /** The key without its beginning, if it has it, and with another. */
        public static Change ofBeginning(String strip, String add) {
            return new Change(strip, add, false, "");
        }
    }

    public PrefixRoute(Change change, Route child, OwnRequest.Source requests) {
        this.strip = change.strip.getBytes(StandardCharsets.UTF_8);
        this.add = change.add.getBytes(StandardCharsets.UTF_8);
        this.suffix = change.suffix.getBytes(StandardCharsets.UTF_8);
        this.addsAlways = !change.ensure;
        this.child = child;
        this.requests = requests;
    }

    @Override
    public void start(Call call) {
        Request request = call.request();
        int length = decodeKey(request);
        int stripped = startsWith(length, strip) ? strip.length : 0;
        byte[] added = addsAlways || stripped > 0 || !startsWith(length, add) ? add : NOTHING;
        int newLength = added.length + length - stripped + suffix.length;
        if (newLength == 0 || newLength > Request.MAX_KEY_LENGTH) {
            call.replied(newLength == 0 ? FixedReply.PREFIXED_KEY_EMPTY : FixedReply.PREFIXED_KEY_TOO_LONG);
            return;
        }
        Rewritten rewritten = free.take();
        OwnRequest own = rewritten.askedBy(call, requests);
        write(request, added, stripped, length, own.line());
        own.copyValue(request, call.holder());
        if (own.parse()) {
            child.start(rewritten);
        } else {
            // The line has become too long, or the base64 text of the key.
            rewritten.finish(own.refusal());
        }
    }

    private int decodeKey(Request request) {
        if (request.base64Key()) {
            return Base64Key.decode(request.buffer(), request.keyIndex(), request.keyLength(), key);
        }
        request.buffer().getBytes(request.keyIndex(), key, 0, request.keyLength());
        return request.keyLength();
    }

    private boolean startsWith(int length, byte[] prefix) {
        return length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    private void write(Request request, byte[] added, int stripped, int length, ByteBuf out) {
        ByteBuf source = request.buffer();
        int before = request.partOfMultiget() ? request.prefixLength() : request.keyIndex() - request.start();
        out.writeBytes(source, request.start(), before);
        if (request.base64Key()) {
            int kept = length - stripped;
            System.arraycopy(added, 0, newKey, 0, added.length);
            System.arraycopy(key, stripped, newKey, added.length, kept);
            System.arraycopy(suffix, 0, newKey, added.length + kept, suffix.length);
            Base64Key.encode(newKey, 0, added.length + kept + suffix.length, out);
        } else {
            out.writeBytes(added).writeBytes(key, stripped, length - stripped).writeBytes(suffix);
        }
        if (!request.partOfMultiget()) {
            int after = request.keyIndex() + request.keyLength();
            out.writeBytes(source, after, request.lineEnd() - after);
        }
        out.writeBytes(Replies.CRLF);
    }

    private final class Rewritten extends RewrittenCall {
        /** Bytes of the arriving large reply's own line, which are still to be replaced. */
        private int lineToReplace;

        @Override
        public void replied(Reply reply) {
            if (!namesKey(reply)) {
                finish(reply);
                return;
            }
            restoreLine(reply);
            if (reply.valueLength() < 0) {
                finish(restored.view());
            } else {
                restored.send(parent, reply.buffer(), reply.end(), reply.valueBytes());
                recycle();
            }
        }

        @Override
        public void replyBegins(Reply reply, int totalBytes) {
            if (!namesKey(reply)) {
                parent.replyBegins(reply, totalBytes);
                return;
            }
            restoreLine(reply);
            lineToReplace = reply.end() - reply.start();
            parent.replyBegins(restored.view(), totalBytes - lineToReplace + restored.length());
        }

        @Override
        public void replyBytes(ByteBuf source, int index, int length) {
            int replaced = lineToReplace;
            if (replaced > 0) {
                // Directly after replyBegins: the line restored there is still the last.
                lineToReplace = 0;
                restored.sendLine(parent);
            }
            if (length > replaced) {
                parent.replyBytes(source, index + replaced, length - replaced);
            }
        }

        @Override
        public void replyBreaks() {
            lineToReplace = 0;
            super.replyBreaks();
        }

        private boolean namesKey(Reply reply) {
            return reply.type() == ReplyType.VALUE
                    || reply.type().isMeta() && parent.request().hasFlag('k') && reply.keyIndex() >= 0;
        }

        /** The reply's line with the key as the client wrote it. */
        private void restoreLine(Reply reply) {
            Request asked = parent.request();
            int after = reply.keyIndex() + reply.keyLength();
            ByteBuf source = reply.buffer();
            restored.begin()
                    .writeBytes(source, reply.start(), reply.keyIndex() - reply.start())
                    .writeBytes(asked.buffer(), asked.keyIndex(), asked.keyLength())
                    .writeBytes(source, after, reply.end() - after);
        }

        void finish(Reply reply) {
            parent.replied(reply);
            recycle();
        }

        @Override
        protected void giveBack() {
            free.give(this);
        }
    }
}
