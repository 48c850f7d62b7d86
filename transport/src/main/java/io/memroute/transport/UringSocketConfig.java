package io.memroute.transport;

import static io.netty.channel.ChannelOption.ALLOW_HALF_CLOSURE;
import static io.netty.channel.ChannelOption.IP_TOS;
import static io.netty.channel.ChannelOption.SO_KEEPALIVE;
import static io.netty.channel.ChannelOption.SO_LINGER;
import static io.netty.channel.ChannelOption.SO_RCVBUF;
import static io.netty.channel.ChannelOption.SO_REUSEADDR;
import static io.netty.channel.ChannelOption.SO_SNDBUF;
import static io.netty.channel.ChannelOption.TCP_NODELAY;

import io.memroute.transport.kernel.NativeSocket.Option;
import io.memroute.transport.kernel.SocketAddresses;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannelConfig;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The options of a connection. Of the receive buffer allocator only the first guess counts: whether it is more than a
 * small receive buffer ({@link UringOptions#small()}), which says that the connection usually receives much. The TCP
 * options of a UNIX socket cannot be set.
 */
public final class UringSocketConfig extends DefaultChannelConfig implements SocketChannelConfig {

    /**
     * An option of the socket.
     *
     * @param ofTcp whether UNIX domain sockets lack it
     */
    private record Known<T>(
            ChannelOption<T> option,
            boolean ofTcp,
            Function<UringSocketConfig, T> get,
            BiConsumer<UringSocketConfig, T> set) {}

    private static final Map<ChannelOption<?>, Known<?>> KNOWN = Stream.of(
                    new Known<>(
                            SO_RCVBUF,
                            false,
                            UringSocketConfig::getReceiveBufferSize,
                            UringSocketConfig::setReceiveBufferSize),
                    new Known<>(
                            SO_SNDBUF,
                            false,
                            UringSocketConfig::getSendBufferSize,
                            UringSocketConfig::setSendBufferSize),
                    new Known<>(
                            ALLOW_HALF_CLOSURE,
                            false,
                            UringSocketConfig::isAllowHalfClosure,
                            UringSocketConfig::setAllowHalfClosure),
                    new Known<>(TCP_NODELAY, true, UringSocketConfig::isTcpNoDelay, UringSocketConfig::setTcpNoDelay),
                    new Known<>(SO_KEEPALIVE, true, UringSocketConfig::isKeepAlive, UringSocketConfig::setKeepAlive),
                    new Known<>(
                            SO_REUSEADDR, true, UringSocketConfig::isReuseAddress, UringSocketConfig::setReuseAddress),
                    new Known<>(SO_LINGER, true, UringSocketConfig::getSoLinger, UringSocketConfig::setSoLinger),
                    new Known<>(IP_TOS, true, UringSocketConfig::getTrafficClass, UringSocketConfig::setTrafficClass))
            .collect(Collectors.toUnmodifiableMap(Known::option, Function.identity()));

    private final UringStreamChannel stream;
    private volatile boolean allowHalfClosure;
    private volatile boolean lingers;

    UringSocketConfig(UringStreamChannel channel) {
        super(channel);
        stream = channel;
    }

    /** Whether closing waits for what has not been sent. */
    boolean lingers() {
        return lingers;
    }

    @Override
    protected void autoReadCleared() {
        stream.autoReadCleared();
    }

    private boolean isTcp() {
        return stream.socket().family() != SocketAddresses.UNIX;
    }

    /** Tells whether this channel's socket has an option besides those of every channel. */
    private boolean has(Known<?> known) {
        return !known.ofTcp() || isTcp();
    }

    /** Returns an option that {@linkplain #has this channel's socket has}; of others Netty knows. */
    @SuppressWarnings("unchecked")
    private <T> @Nullable Known<T> known(ChannelOption<T> option) {
        Known<T> known = (Known<T>) KNOWN.get(option);
        return known != null && has(known) ? known : null;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        ChannelOption<?>[] own =
                KNOWN.values().stream().filter(this::has).map(Known::option).toArray(ChannelOption<?>[]::new);
        return getOptions(super.getOptions(), own);
    }

    @Override
    public <T> T getOption(ChannelOption<T> option) {
        Known<T> known = known(option);
        return known != null ? known.get().apply(this) : super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        Known<T> known = known(option);
        if (known == null) {
            return super.setOption(option, value);
        }
        known.set().accept(this, value);
        return true;
    }

    private UringSocketConfig set(Option option, int value) {
        stream.socket().set(option, value);
        return this;
    }

    private int get(Option option) {
        return stream.socket().get(option);
    }

    @Override
    public boolean isTcpNoDelay() {
        return get(Option.NO_DELAY) != 0;
    }

    @Override
    public UringSocketConfig setTcpNoDelay(boolean tcpNoDelay) {
        return set(Option.NO_DELAY, tcpNoDelay ? 1 : 0);
    }

    @Override
    public int getSoLinger() {
        return stream.socket().linger();
    }

    @Override
    public UringSocketConfig setSoLinger(int soLinger) {
        stream.socket().setLinger(soLinger);
        lingers = soLinger > 0;
        return this;
    }

    @Override
    public int getSendBufferSize() {
        return get(Option.SEND_BUFFER);
    }

    @Override
    public UringSocketConfig setSendBufferSize(int sendBufferSize) {
        return set(Option.SEND_BUFFER, sendBufferSize);
    }

    @Override
    public int getReceiveBufferSize() {
        return get(Option.RECEIVE_BUFFER);
    }

    @Override
    public UringSocketConfig setReceiveBufferSize(int receiveBufferSize) {
        return set(Option.RECEIVE_BUFFER, receiveBufferSize);
    }

    @Override
    public boolean isKeepAlive() {
        return get(Option.KEEP_ALIVE) != 0;
    }

    @Override
    public UringSocketConfig setKeepAlive(boolean keepAlive) {
        return set(Option.KEEP_ALIVE, keepAlive ? 1 : 0);
    }

    @Override
    public int getTrafficClass() {
        return stream.socket().trafficClass();
    }

    @Override
    public UringSocketConfig setTrafficClass(int trafficClass) {
        stream.socket().setTrafficClass(trafficClass);
        return this;
    }

    @Override
    public boolean isReuseAddress() {
        return get(Option.REUSE_ADDRESS) != 0;
    }

    @Override
    public UringSocketConfig setReuseAddress(boolean reuseAddress) {
        return set(Option.REUSE_ADDRESS, reuseAddress ? 1 : 0);
    }

    @Override
    public boolean isAllowHalfClosure() {
        return allowHalfClosure;
    }

    @Override
    public UringSocketConfig setAllowHalfClosure(boolean allow) {
        allowHalfClosure = allow;
        return this;
    }

    /** Does nothing: the system has no such preferences. */
    @Override
    public UringSocketConfig setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        return this;
    }

    // ---- as the superclass, with this type ----

    @Override
    public UringSocketConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
        super.setConnectTimeoutMillis(connectTimeoutMillis);
        return this;
    }

    @Override
    @Deprecated
    public UringSocketConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
        super.setMaxMessagesPerRead(maxMessagesPerRead);
        return this;
    }

    @Override
    public UringSocketConfig setWriteSpinCount(int writeSpinCount) {
        super.setWriteSpinCount(writeSpinCount);
        return this;
    }

    @Override
    public UringSocketConfig setAllocator(ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public UringSocketConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public UringSocketConfig setAutoRead(boolean autoRead) {
        super.setAutoRead(autoRead);
        return this;
    }

    @Override
    public UringSocketConfig setAutoClose(boolean autoClose) {
        super.setAutoClose(autoClose);
        return this;
    }

    @Override
    public UringSocketConfig setWriteBufferWaterMark(WriteBufferWaterMark writeBufferWaterMark) {
        super.setWriteBufferWaterMark(writeBufferWaterMark);
        return this;
    }

    @Override
    public UringSocketConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }
}
