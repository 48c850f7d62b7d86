package io.memroute.proxy.route.builtin;

import io.memroute.protocol.Decimal;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyParser;
import io.memroute.protocol.ReplyType;
import io.memroute.protocol.Request;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.call.KeyHash;
import io.memroute.proxy.call.OwnRequest;
import io.memroute.proxy.call.PassedCall;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.stats.UserCounter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Answers gets of what was asked for shortly before from this process's memory. Any write that passes here drops the
 * key; writes that take another way are seen when the time is up.
 *
 * <p>Only what a client cannot tell from a server's answer is answered here: {@code get}, and {@code mg} without flags
 * about times, CAS or the item's history. Everything else goes to the child.
 */
public final class NearCacheRoute implements Route {

    /** The flags of an {@code mg} that can be answered here: value, client flags, key, opaque, quiet, size. */
    private static final long ANSWERABLE = flags("vfkOqs");

    /** The length at first; it grows to the largest value that the cache keeps. */
    private static final int REPLY_BYTES = 256;

    private static final byte[] SET = "set ".getBytes(StandardCharsets.US_ASCII);

    private final Route child;
    private final NearCache cache;
    private final OwnRequest.Source requests;
    /** Counts hits, if they are counted. */
    private final @Nullable UserCounter hits;

    private final @Nullable UserCounter misses;
    private final ByteBuf scratch = Unpooled.buffer(REPLY_BYTES);
    private final KeyHash keyHash = new KeyHash();
    private final FreeList<Answer> freeAnswers = new FreeList<>(Answer::new);
    private final FreeList<Fetch> freeFetches = new FreeList<>(Fetch::new);
    private final FreeList<Write> freeWrites = new FreeList<>(Write::new);

    public NearCacheRoute(
            Route child,
            NearCache cache,
            OwnRequest.Source requests,
            @Nullable UserCounter hits,
            @Nullable UserCounter misses) {
        this.child = child;
        this.cache = cache;
        this.requests = requests;
        this.hits = hits;
        this.misses = misses;
    }

    private static long flags(String letters) {
        long mask = 0;
        for (char letter : letters.toCharArray()) {
            mask |= 1L << letter - 'A';
        }
        return mask;
    }

    @Override
    public void start(Call call) {
        Request request = call.request();
        switch (request.command()) {
            case GET -> look(call, request);
            case MG -> {
                if ((request.flagMask() & ~ANSWERABLE) == 0 && !request.hasUnknownFlags()) {
                    look(call, request);
                } else if (request.hasFlag('N') || request.hasFlag('E')) {
                    // Makes an item where there is none.
                    startWrite(call, request);
                } else {
                    child.start(call);
                }
            }
            case ME, GETS, GAT, GATS, TOUCH -> child.start(call);
            default -> startWrite(call, request);
        }
    }

    private void look(Call call, Request request) {
        // One for each look-up that is being answered: whoever is told may ask for the next key before it returns.
        Answer answer = freeAnswers.take();
        ByteBuf bytes = answer.bytes.clear();
        cache.store().execute(request, request.buffer(), request.end(), bytes);
        ReplyParser.parse(bytes, 0, bytes.writerIndex(), answer.reply);
        boolean hit = answer.reply.hit();
        if (hit) {
            count(hits);
            call.replied(answer.reply);
        }
        freeAnswers.give(answer);
        if (hit) {
            return;
        }
        count(misses);
        Fetch fetch = freeFetches.take();
        fetch.askedBy(call);
        fetch.keyHash = keyHash.of(request);
        fetch.version = cache.version(fetch.keyHash);
        child.start(fetch);
    }

    private void startWrite(Call call, Request request) {
        Write write = freeWrites.take();
        write.askedBy(call);
        forget(request);
        child.start(write);
    }

    private static void count(@Nullable UserCounter counter) {
        if (counter != null) {
            counter.increment();
        }
    }

    private void forget(Request request) {
        cache.changeVersion(keyHash.of(request));
        OwnRequest own = requests.take();
        KeyLine.endMeta(KeyLine.begin(own.line(), KeyLine.META_DELETE, request), request);
        run(own);
    }

    private void run(OwnRequest own) {
        if (own.parse()) {
            cache.store().execute(own.request(), own.line(), own.request().end(), scratch.clear());
        }
        own.release();
    }

    /** Keeps what the child has found, if it is the whole item and the key has not been written meanwhile. */
    private void keep(Request request, Reply found, Fetch fetch) {
        boolean whole = found.type() == ReplyType.VALUE || found.type() == ReplyType.VA && found.hasFlag('f');
        if (!whole || found.valueLength() > cache.maxValueBytes() || cache.version(fetch.keyHash) != fetch.version) {
            return;
        }
        ByteBuf source = found.buffer();
        OwnRequest own = requests.take();
        ByteBuf line = KeyLine.begin(own.line(), SET, request);
        line.writeByte(' ');
        if (found.type() == ReplyType.VALUE) {
            line.writeBytes(source, found.tokenIndex(2), found.tokenLength(2));
        } else {
            line.writeBytes(source, found.flagTokenIndex('f'), found.flagTokenLength('f'));
        }
        line.writeByte(' ');
        Decimal.write(line, cache.ttlSeconds());
        line.writeByte(' ');
        Decimal.write(line, found.valueLength());
        line.writeBytes(Replies.CRLF).writeBytes(source, found.end(), found.valueBytes());
        run(own);
        if (cache.version(fetch.keyHash) != fetch.version) {
            // Another worker's write has passed between the look and the keeping.
            forget(request);
        }
    }

    /** An answer of the cache. */
    private static final class Answer {
        private final ByteBuf bytes = Unpooled.buffer(REPLY_BYTES);
        private final Reply reply = new Reply();
    }

    /** A get that has to ask the child. */
    private final class Fetch extends PassedCall {
        private long keyHash;
        private int version;

        @Override
        public void replied(Reply found) {
            if (found.valueLength() >= 0) {
                keep(parent.request(), found, this);
            }
            super.replied(found);
        }

        @Override
        protected void recycle() {
            forgetParent();
            freeFetches.give(this);
        }
    }

    /**
     * Something that may change the item: forgotten before and after, since in between the old value may have been
     * kept.
     */
    private final class Write extends PassedCall {

        @Override
        public void replied(Reply answer) {
            forget(parent.request());
            super.replied(answer);
        }

        @Override
        public void replyBegins(Reply answer, int totalBytes) {
            forget(parent.request());
            super.replyBegins(answer, totalBytes);
        }

        @Override
        protected void recycle() {
            forgetParent();
            freeWrites.give(this);
        }
    }
}
