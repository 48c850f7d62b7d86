package io.memroute.transport;

import static io.netty.channel.ChannelOption.ALLOW_HALF_CLOSURE;
import static io.netty.channel.ChannelOption.IP_TOS;
import static io.netty.channel.ChannelOption.SO_KEEPALIVE;
import static io.netty.channel.ChannelOption.SO_LINGER;
import static io.netty.channel.ChannelOption.SO_RCVBUF;
import static io.netty.channel.ChannelOption.SO_REUSEADDR;
import static io.netty.channel.ChannelOption.SO_SNDBUF;
import static io.netty.channel.ChannelOption.TCP_NODELAY;

import io.memroute.transport.NativeSocket.Option;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannelConfig;
import java.util.Map;

/**
 * The options of a connection. Of the receive buffer allocator only the first guess counts: whether it is more than a
 * small receive buffer ({@link UringOptions#small()}). The TCP options of a UNIX socket cannot be set.
 */
public final class UringSocketConfig extends DefaultChannelConfig implements SocketChannelConfig {

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

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        Map<ChannelOption<?>, Object> options =
                getOptions(super.getOptions(), SO_RCVBUF, SO_SNDBUF, ALLOW_HALF_CLOSURE);
        return isTcp() ? getOptions(options, TCP_NODELAY, SO_KEEPALIVE, SO_REUSEADDR, SO_LINGER, IP_TOS) : options;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(ChannelOption<T> option) {
        Object value = ownOption(option);
        return value == null ? super.getOption(option) : (T) value;
    }

    private Object ownOption(ChannelOption<?> option) {
        if (option == SO_RCVBUF) {
            return getReceiveBufferSize();
        } else if (option == SO_SNDBUF) {
            return getSendBufferSize();
        } else if (option == ALLOW_HALF_CLOSURE) {
            return isAllowHalfClosure();
        } else if (!isTcp()) {
            return null;
        } else if (option == TCP_NODELAY) {
            return isTcpNoDelay();
        } else if (option == SO_KEEPALIVE) {
            return isKeepAlive();
        } else if (option == SO_REUSEADDR) {
            return isReuseAddress();
        } else if (option == SO_LINGER) {
            return getSoLinger();
        } else if (option == IP_TOS) {
            return getTrafficClass();
        } else {
            return null;
        }
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option == SO_RCVBUF) {
            setReceiveBufferSize((Integer) value);
        } else if (option == SO_SNDBUF) {
            setSendBufferSize((Integer) value);
        } else if (option == ALLOW_HALF_CLOSURE) {
            setAllowHalfClosure((Boolean) value);
        } else if (isTcp() && option == TCP_NODELAY) {
            setTcpNoDelay((Boolean) value);
        } else if (isTcp() && option == SO_KEEPALIVE) {
            setKeepAlive((Boolean) value);
        } else if (isTcp() && option == SO_REUSEADDR) {
            setReuseAddress((Boolean) value);
        } else if (isTcp() && option == SO_LINGER) {
            setSoLinger((Integer) value);
        } else if (isTcp() && option == IP_TOS) {
            setTrafficClass((Integer) value);
        } else {
            return super.setOption(option, value);
        }
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
