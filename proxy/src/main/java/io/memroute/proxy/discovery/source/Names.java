package io.memroute.proxy.discovery.source;

import io.memroute.proxy.discovery.FoundServer;
import io.memroute.proxy.discovery.SourceException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks name servers, over UDP, and over TCP where an answer was cut short. One thread at a time, which it blocks for a
 * few seconds at most, whatever the name servers do.
 */
final class Names implements AutoCloseable {

    private static final int DNS_PORT = 53;

    /** Packets get lost: a second try is better than a long wait. */
    private static final int QUERY_TIMEOUT_MILLIS = 1500;

    /** Names that are looked up at the same time: their answers have room in the socket's buffer. */
    private static final int MOST_AT_ONCE = 50;

    /** The head of an SRV record's content before its target: priority, weight and port, two bytes each. */
    private static final int PORT_INDEX = 4;

    private static final int TARGET_INDEX = 6;

    /** Keeps the shortest time to live of what is being looked up, and no answers: each question is to be asked. */
    private static final class ShortestTtl implements DnsCache {
        private volatile long seconds = Long.MAX_VALUE;

        @Override
        public DnsCacheEntry cache(
                String hostname, DnsRecord[] additionals, InetAddress address, long originalTtl, EventLoop loop) {
            seconds = Math.min(seconds, originalTtl);
            return NoopDnsCache.INSTANCE.cache(hostname, additionals, address, originalTtl, loop);
        }

        @Override
        public DnsCacheEntry cache(String hostname, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
            return NoopDnsCache.INSTANCE.cache(hostname, additionals, cause, loop);
        }

        @Override
        public @Nullable List<? extends DnsCacheEntry> get(String hostname, DnsRecord[] additionals) {
            return null;
        }

        @Override
        public void clear() {}

        @Override
        public boolean clear(String hostname) {
            return false;
        }
    }

    /**
     * The meaning of names.
     *
     * @param ttl how long that is so; empty time if it is not known
     */
    record Addresses(Map<String, List<InetAddress>> byName, Duration ttl) {}

    /** The targets of an SRV record, each as a server. */
    record Targets(List<FoundServer> servers, Duration ttl) {}

    private final MultiThreadIoEventLoopGroup thread = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("memroute-dns", true), NioIoHandler.newFactory());
    private final ShortestTtl shortestTtl = new ShortestTtl();
    private final Duration timeout;
    private final DnsNameResolver resolver;

    /**
     * @param servers name servers as {@code HOST:PORT}; empty: those of the system
     * @param timeout for a whole question: over all name servers, names of the search list, families, and targets of a
     *     record
     * @throws SourceException if one of them is no address
     */
    Names(List<String> servers, Duration timeout) throws SourceException {
        this.timeout = timeout;
        DnsServerAddressStreamProvider provider =
                servers.isEmpty() ? DnsServerAddressStreamProviders.platformDefault() : given(servers);
        resolver = new DnsNameResolverBuilder(thread.next())
                .datagramChannelFactory(Names::datagramChannel)
                .socketChannelType(NioSocketChannel.class)
                .nameServerProvider(provider)
                .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS)
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
                // Both families, always: otherwise the answers would depend on which came first.
                .completeOncePreferredResolved(false)
                .resolveCache(shortestTtl)
                .build();
    }

    private static DnsServerAddressStreamProvider given(List<String> servers) throws SourceException {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String text : servers) {
            try {
                FoundServer server = FoundServer.parse(text, DNS_PORT);
                addresses.add(new InetSocketAddress(InetAddress.ofLiteral(server.host()), server.port()));
            } catch (IllegalArgumentException e) {
                throw new SourceException("the name server \"" + text + "\" is not an address", e);
            }
        }
        return new SequentialDnsServerAddressStreamProvider(addresses);
    }

    private static DatagramChannel datagramChannel() {
        NioDatagramChannel channel = new NioDatagramChannel();
        channel.pipeline().addLast(new CutShort());
        return channel;
    }

    /** Begins a question, which may have several parts. */
    Question question() {
        return new Question(System.nanoTime() + timeout.toNanos());
    }

    /** A question with one limit to the time of all its parts. */
    final class Question {

        private final long untilNanos;

        private Question(long untilNanos) {
            this.untilNanos = untilNanos;
        }

        /** @throws SourceException if one of the names has no addresses, or nobody says which */
        Addresses addresses(Collection<String> hosts) throws SourceException, InterruptedException {
            shortestTtl.seconds = Long.MAX_VALUE;
            Map<String, List<InetAddress>> found = new HashMap<>();
            Map<String, Future<List<InetAddress>>> asked = new LinkedHashMap<>();
            try {
                for (String host : hosts) {
                    if (asked.size() == MOST_AT_ONCE) {
                        takeFirst(asked, found);
                    }
                    asked.computeIfAbsent(host, resolver::resolveAll);
                }
                while (!asked.isEmpty()) {
                    takeFirst(asked, found);
                }
            } finally {
                asked.values().forEach(others -> others.cancel(true));
            }
            long seconds = shortestTtl.seconds;
            // A name of the system's own file has no time to live.
            return new Addresses(found, seconds == Long.MAX_VALUE ? Duration.ZERO : Duration.ofSeconds(seconds));
        }

        private void takeFirst(Map<String, Future<List<InetAddress>>> asked, Map<String, List<InetAddress>> found)
                throws SourceException, InterruptedException {
            Map.Entry<String, Future<List<InetAddress>>> first =
                    asked.entrySet().iterator().next();
            found.put(first.getKey(), await(first.getValue(), first.getKey()));
            asked.remove(first.getKey());
        }

        /** @throws SourceException if the name has no SRV records, or nobody says which */
        Targets targets(String name) throws SourceException, InterruptedException {
            String absolute = name.endsWith(".") ? name : name + '.';
            List<DnsRecord> records =
                    await(resolver.resolveAll(new DefaultDnsQuestion(absolute, DnsRecordType.SRV)), name);
            List<FoundServer> servers = new ArrayList<>();
            long seconds = Long.MAX_VALUE;
            try {
                for (DnsRecord record : records) {
                    if (record instanceof DnsRawRecord raw && record.type().equals(DnsRecordType.SRV)) {
                        servers.add(target(raw.content()));
                        seconds = Math.min(seconds, record.timeToLive());
                    }
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException | CodecException e) {
                throw new SourceException("an SRV record of " + name + " is malformed: " + e.getMessage(), e);
            } finally {
                records.forEach(ReferenceCountUtil::release);
            }
            return new Targets(servers, Duration.ofSeconds(seconds == Long.MAX_VALUE ? 0 : seconds));
        }

        private <T> T await(Future<T> answer, String name) throws SourceException, InterruptedException {
            try {
                return answer.get(Math.max(0, untilNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                answer.cancel(true);
                throw new SourceException(
                        "no name server answered about " + name + " within " + timeout.toSeconds() + " s", e);
            } catch (ExecutionException e) {
                throw new SourceException(name + " was not resolved: " + reason(e), e);
            }
        }
    }

    private static FoundServer target(ByteBuf content) {
        int start = content.readerIndex();
        int port = content.getUnsignedShort(start + PORT_INDEX);
        // The buffer is the whole message, which a compressed name points into.
        String name = DefaultDnsRecordDecoder.decodeName(content.duplicate().readerIndex(start + TARGET_INDEX));
        return FoundServer.of(name.endsWith(".") ? name.substring(0, name.length() - 1) : name, port);
    }

    /** The reason in words that are the same each time, so that a failure that goes on is known to be the same one. */
    private static String reason(Throwable failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof DnsNameResolverTimeoutException) {
                return "no answer from a name server";
            }
            if (cause instanceof DnsErrorCauseException answered) {
                return "a name server answered with " + answered.getCode();
            }
        }
        return "no name server has such a record";
    }

    @Override
    public void close() {
        resolver.close();
        thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
