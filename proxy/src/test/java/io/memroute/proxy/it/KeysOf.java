package io.memroute.proxy.it;

import io.memroute.testkit.MemcachedServer;
import io.memroute.testkit.RawClient;
import java.util.ArrayList;
import java.util.List;

/** Finds out which keys a proxy sends to which server, by asking the servers. */
final class KeysOf {

    private KeysOf() {}

    /** For each server so many keys that the proxy sends to it; the servers are flushed before and after. */
    static List<List<String>> each(int proxyPort, int count, MemcachedServer... servers) {
        flush(servers);
        List<List<String>> keys = new ArrayList<>();
        for (int i = 0; i < servers.length; i++) {
            keys.add(new ArrayList<>());
        }
        try (RawClient proxy = RawClient.connect(proxyPort)) {
            for (int n = 0; keys.stream().anyMatch(found -> found.size() < count); n++) {
                String key = "key" + n;
                proxy.send("set " + key + " 0 0 1\r\nx\r\n");
                proxy.expect("STORED\r\n");
                List<String> found = keys.get(holder(key, servers));
                if (found.size() < count) {
                    found.add(key);
                }
            }
        }
        flush(servers);
        return keys;
    }

    private static int holder(String key, MemcachedServer... servers) {
        for (int i = 0; i < servers.length; i++) {
            try (RawClient server = servers[i].connect()) {
                server.send("mg " + key + "\r\n");
                if (server.readLine().startsWith("HD")) {
                    return i;
                }
            }
        }
        throw new AssertionError("no server has " + key + ", which was stored through the proxy");
    }

    private static void flush(MemcachedServer... servers) {
        for (MemcachedServer server : servers) {
            try (RawClient client = server.connect()) {
                client.send("flush_all\r\n");
                client.expect("OK\r\n");
            }
        }
    }
}
