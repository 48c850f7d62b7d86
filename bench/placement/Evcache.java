import static java.nio.charset.StandardCharsets.UTF_8;

import com.netflix.evcache.pool.EVCacheClient;
import com.netflix.evcache.pool.EVCacheKetamaNodeLocatorConfiguration;
import com.netflix.evcache.pool.EVCacheNodeLocator;
import com.netflix.evcache.pool.ServerGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.spy.memcached.DefaultHashAlgorithm;
import net.spy.memcached.MemcachedNode;

/** Asks EVCache's own locator where keys go: see README.md. Nothing connects. */
public final class Evcache {

    private Evcache() {}

    /** @param args the file of keys */
    public static void main(String[] args) throws Exception {
        List<String> keys = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            keys.add(new String(HexFormat.of().parseHex(line), UTF_8));
        }
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String question = questions.readLine(); question != null; question = questions.readLine()) {
            String[] words = question.split("\t");
            List<MemcachedNode> nodes = new ArrayList<>();
            for (int i = 2; i < words.length; i++) {
                nodes.add(node(words[i]));
            }
            EVCacheClient client = client();
            EVCacheNodeLocator locator = new EVCacheNodeLocator(
                    client, nodes, DefaultHashAlgorithm.KETAMA_HASH, new EVCacheKetamaNodeLocatorConfiguration(client));
            StringBuilder answer = new StringBuilder();
            for (String key : keys) {
                answer.append(nodes.indexOf(locator.getPrimary(key))).append(' ');
            }
            System.out.println(answer.toString().trim());
        }
    }

    /** A client that knows its names and nothing else, as the locator asks for no more. */
    private static EVCacheClient client() throws Exception {
        Field unsafe = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
        unsafe.setAccessible(true);
        EVCacheClient client =
                (EVCacheClient) ((sun.misc.Unsafe) unsafe.get(null)).allocateInstance(EVCacheClient.class);
        set(client, "appName", "ORACLE");
        set(client, "serverGroup", new ServerGroup("zone", "group"));
        return client;
    }

    private static void set(EVCacheClient client, String name, Object value) throws Exception {
        Field field = EVCacheClient.class.getDeclaredField(name);
        field.setAccessible(true);
        field.set(client, value);
    }

    /** @param text {@code address:port:weight:name}; EVCache gets the address as the host's name, too */
    private static MemcachedNode node(String text) throws IOException {
        String[] parts = text.split(":", -1);
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getByAddress(parts[0], InetAddress.getByName(parts[0]).getAddress()),
                Integer.parseInt(parts[1]));
        return (MemcachedNode) Proxy.newProxyInstance(
                Evcache.class.getClassLoader(),
                new Class<?>[] {MemcachedNode.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "getSocketAddress" -> address;
                    case "equals" -> self == arguments[0];
                    case "hashCode" -> address.hashCode();
                    default -> null;
                });
    }
}
