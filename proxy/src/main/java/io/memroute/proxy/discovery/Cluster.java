package io.memroute.proxy.discovery;

import io.netty.util.NetUtil;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The answer to clients that ask for the nodes of a cluster, as those of ElastiCache and Memorystore do.
 *
 * @param version grows when the nodes change; clients ignore a smaller one than they know
 */
public record Cluster(long version, List<FoundServer> nodes) {

    public Cluster {
        nodes = List.copyOf(nodes);
    }

    /** The whole answer to {@code config get cluster}; nodes are {@code host|address|port}, or without the address. */
    public String answer() {
        String payload = version + "\n" + nodes.stream().map(Cluster::node).collect(Collectors.joining(" ")) + "\n";
        return "CONFIG cluster 0 " + payload.length() + "\r\n" + payload + "\r\nEND\r\n";
    }

    private static String node(FoundServer node) {
        boolean address = NetUtil.isValidIpV4Address(node.host()) || NetUtil.isValidIpV6Address(node.host());
        return node.host() + '|' + (address ? node.host() : "") + '|' + node.port();
    }
}
