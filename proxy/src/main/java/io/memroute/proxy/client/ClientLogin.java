package io.memroute.proxy.client;

import io.memroute.protocol.Replies;
import io.memroute.proxy.log.ConnectionLine;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.trust.Passwords;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a client in that sends the name and the password of a user as the value of a {@code set}, memcached's ASCII
 * authentication. It stands before the {@link ClientConnection} until then, and leaves the pipeline. Owned by the
 * worker's thread.
 */
final class ClientLogin extends ByteToMessageDecoder {

    private static final byte[] TOO_LONG = Replies.line("CLIENT_ERROR auth token too long");
    private static final byte[] BAD_END = Replies.line("CLIENT_ERROR bad command line termination");
    private static final byte[] BAD_FORMAT = Replies.line("CLIENT_ERROR bad authentication token format");
    private static final byte[] FAILURE = Replies.line("CLIENT_ERROR authentication failure");

    /** memcached's bounds, in bytes. */
    private static final int SHORTEST_LINE = 6;

    private static final int LONGEST_LINE = 2048;
    private static final int LONGEST_TOKEN = 16_384;

    private final ClientConnection client;
    private final WorkerClients clients;
    private final Passwords passwords;

    /** The length of the value that is to come, with its line end; -1 while a line is awaited. */
    private int valueBytes = -1;
    /** A pair is being looked at, or the answer to a wrong one waits. */
    private boolean checking;

    private boolean closing;
    /** The end of what the client sends, if it came while a pair was looked at. */
    private @Nullable Object heldEnd;

    private @Nullable Future<?> limit;
    private @Nullable Future<?> check;

    ClientLogin(ClientConnection client, WorkerClients clients, Passwords passwords) {
        this.client = client;
        this.clients = clients;
        this.passwords = passwords;
    }

    /** Whether a pair is being looked at, or the answer to a wrong one waits. */
    boolean isChecking() {
        return checking;
    }

    /** Whether nothing has arrived of the next line. */
    boolean awaitsLine() {
        return !checking && !closing && valueBytes < 0 && actualReadableBytes() == 0;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        int seconds = clients.context().times().requestSeconds();
        if (seconds > 0) {
            limit = context.executor().schedule(() -> context.close(), seconds, TimeUnit.SECONDS);
        }
        super.channelActive(context);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        if (limit != null) {
            limit.cancel(false);
        }
        if (check != null) {
            check.cancel(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (checking) {
            // The connection would end before the client is answered.
            heldEnd = event;
        } else {
            super.userEventTriggered(context, event);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        if (checking) {
            // The superclass would read on although reading is paused.
            context.fireChannelReadComplete();
        } else {
            super.channelReadComplete(context);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (closing) {
            in.skipBytes(in.readableBytes());
        } else if (!checking) {
            if (valueBytes < 0) {
                takeLine(context, in);
            } else if (in.readableBytes() >= valueBytes) {
                takeValue(context, in.readRetainedSlice(valueBytes));
            }
        }
    }

    private void takeLine(ChannelHandlerContext context, ByteBuf in) {
        int length = in.bytesBefore((byte) '\n');
        if (length < 0 && in.readableBytes() <= LONGEST_LINE) {
            return;
        }
        if (length < SHORTEST_LINE) {
            closing = true;
            context.close();
            return;
        }
        String line = in.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
        in.skipBytes(1);
        long size = valueBytes(line);
        if (size < 0) {
            answer(context, Replies.UNAUTHENTICATED);
        } else if (size > LONGEST_TOKEN) {
            answer(context, TOO_LONG);
        } else {
            valueBytes = (int) size + 2;
        }
    }

    /** The length that the line gives its value; -1 if it is no login. */
    private static long valueBytes(String line) {
        String[] words = line.split(" +");
        if (words.length < 5 || !line.startsWith("set")) {
            return -1;
        }
        int end = words[4].indexOf('\r');
        // memcached wants something behind the number: a line that ends in a line feed alone is no login.
        boolean followed = end >= 0 || words.length > 5 || line.endsWith(" ");
        return followed ? number(end < 0 ? words[4] : words[4].substring(0, end)) : -1;
    }

    /** An unsigned number of 32 bits; -1 if it is none. */
    private static long number(String word) {
        if (!word.matches("[0-9]{1,10}")) {
            return -1;
        }
        long number = Long.parseLong(word);
        return number <= 0xFFFF_FFFFL ? number : -1;
    }

    private void takeValue(ChannelHandlerContext context, ByteBuf value) {
        byte[] bytes = ByteBufUtil.getBytes(value);
        value.release();
        int end = bytes.length - 2;
        valueBytes = -1;
        if (bytes[end] != '\r' || bytes[end + 1] != '\n') {
            answer(context, BAD_END);
            return;
        }
        int space = 0;
        while (space < end && bytes[space] != ' ') {
            space++;
        }
        if (space == end) {
            answer(context, BAD_FORMAT);
            return;
        }
        byte[] user = Arrays.copyOf(bytes, space);
        byte[] password = Arrays.copyOfRange(bytes, space + 1, end);
        clients.counters().increment(Counter.AUTH_COMMANDS);
        CompletableFuture<Boolean> later = passwords.verify(address(context), user, password);
        if (later.state() == Future.State.SUCCESS) {
            checked(context, user, later.resultNow());
            return;
        }
        pause(context);
        check = later;
        later.whenCompleteAsync(
                (right, failure) -> {
                    resume(context);
                    checked(context, user, failure == null && right);
                    goOn(context);
                },
                context.executor());
    }

    private void checked(ChannelHandlerContext context, byte[] user, boolean right) {
        if (context.isRemoved()) {
            return;
        }
        if (right) {
            client.loggedIn(new String(user, StandardCharsets.UTF_8));
            answer(context, Replies.STORED);
            context.pipeline().remove(this);
            return;
        }
        clients.counters().increment(Counter.AUTH_ERRORS);
        long delayMillis = address(context) instanceof InetAddress from
                ? clients.context().attempts().failed(from, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()))
                : 0;
        if (delayMillis == 0) {
            answer(context, FAILURE);
            return;
        }
        pause(context);
        context.executor()
                .schedule(
                        () -> {
                            resume(context);
                            answer(context, FAILURE);
                            goOn(context);
                        },
                        delayMillis,
                        TimeUnit.MILLISECONDS);
    }

    /** The client's address without its port; of one without an address, its listener's kind. */
    private static Object address(ChannelHandlerContext context) {
        return ConnectionLine.client(context.channel()) instanceof InetSocketAddress from && from.getAddress() != null
                ? from.getAddress()
                : "local";
    }

    private void pause(ChannelHandlerContext context) {
        checking = true;
        context.channel().config().setAutoRead(false);
    }

    private void resume(ChannelHandlerContext context) {
        checking = false;
        // After the end of the input there is nothing to read, and trying to would close the channel.
        if (!context.isRemoved() && heldEnd == null) {
            context.channel().config().setAutoRead(true);
        }
    }

    /** Reads on what had arrived behind the pair. */
    private void goOn(ChannelHandlerContext context) {
        if (checking) {
            return;
        }
        try {
            if (!context.isRemoved()) {
                channelRead(context, Unpooled.EMPTY_BUFFER);
            }
            Object end = heldEnd;
            if (!checking && end != null) {
                heldEnd = null;
                context.pipeline().fireUserEventTriggered(end);
            }
        } catch (Exception e) {
            context.fireExceptionCaught(e);
        }
    }

    private void answer(ChannelHandlerContext context, byte[] line) {
        context.writeAndFlush(Unpooled.wrappedBuffer(line));
        // It may wait for the end of the login, to go to another process.
        client.touch();
    }
}
