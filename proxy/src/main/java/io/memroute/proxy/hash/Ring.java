package io.memroute.proxy.hash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.memroute.proxy.hash.function.Md5;
import java.util.List;

/**
 * A continuum of 32-bit points, each owned by a server. A hash belongs to the first point at or after its low 32 bits,
 * past the last point to the first one (ketama; memcached's {@code proxy_ring_hash.c}). Immutable.
 *
 * <p>Points are evenly spread, so a table indexed by a hash's leading bits says where to begin and on average less than
 * one point has to be looked at: cheaper than a binary search, whose every step is a mispredicted branch. Where two
 * servers own the same point the one configured first wins (memcached leaves that to the C library's sort).
 */
public final class Ring implements KeyLocator.OfHash {

    /** Turns unsigned order into signed order, so that plain comparison works. */
    private static final int FLIP = 0x8000_0000;

    private final int count;
    /** Points in ascending unsigned order, each flipped; a sentinel that no hash exceeds follows the last. */
    private final int[] points;
    /** The server of each point; the sentinel's is the first point's. */
    private final int[] servers;
    /** The first point that can be a hash's own, by the leading bits of the hash. */
    private final int[] firstPoint;

    private final int shift;

    /** @param sorted at least one point, with its server: see {@link RingPoints} */
    Ring(long[] sorted) {
        count = sorted.length;
        points = new int[count + 1];
        servers = new int[count + 1];
        for (int i = 0; i < count; i++) {
            points[i] = RingPoints.ordered(sorted[i]);
            servers[i] = RingPoints.server(sorted[i]);
        }
        points[count] = Integer.MAX_VALUE;
        servers[count] = servers[0];

        int bits = Math.max(1, 32 - Integer.numberOfLeadingZeros(count));
        shift = 32 - bits;
        firstPoint = new int[1 << bits];
        int point = 0;
        for (int slot = 0; slot < firstPoint.length; slot++) {
            int slotStart = (slot << shift) ^ FLIP;
            while (point < count && points[point] < slotStart) {
                point++;
            }
            firstPoint[slot] = point;
        }
    }

    static Ring of(Distribution.RingOf ring, List<ServerName> servers) {
        List<String> texts = servers.stream().map(ring.mode()::pointText).toList();
        return ofTexts(ring.mode(), ring.pointsPerServer(), texts);
    }

    /** A ring over servers whose point texts are already known. */
    static Ring ofTexts(RingMode mode, int pointsPerServer, List<String> texts) {
        RingPoints points = new RingPoints();
        for (int server = 0; server < texts.size(); server++) {
            int perText = mode.usesMd5() ? RingMode.POINTS_PER_DIGEST : 1;
            for (int k = 0; k < pointsPerServer / perText; k++) {
                byte[] text = (texts.get(server) + "-" + k).getBytes(UTF_8);
                if (mode.usesMd5()) {
                    points.addDigest(Md5.digest(text), perText, server);
                } else {
                    points.add((int) HashFunction.XXH3.bytes().of(text), server);
                }
            }
        }
        return points.ring();
    }

    /** The server, 0-based, that the low 32 bits of {@code hash} belong to. */
    @Override
    public int place(long hash) {
        int low = (int) hash;
        int wanted = low ^ FLIP;
        int i = firstPoint[low >>> shift];
        while (points[i] < wanted) {
            i++;
        }
        return servers[i];
    }

    int pointCount() {
        return count;
    }

    /** The point at a position in ascending order, 0 to 2^32-1. */
    long pointAt(int position) {
        return Integer.toUnsignedLong(points[position] ^ FLIP);
    }

    int serverAt(int position) {
        return servers[position];
    }
}
