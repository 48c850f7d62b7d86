package io.memroute.app.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * The part of the Kubernetes API that a source of endpoints uses, with a state of its own: lists in pages, watches from
 * a version, versions that are forgotten, tokens that expire. The shapes are those of the documentation.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/">Kubernetes API concepts</a>
 */
final class KubernetesApi implements AutoCloseable {

    private static final String PATH = "/apis/discovery.k8s.io/v1/namespaces/caches/endpointslices";
    private static final String SELECTOR = "kubernetes.io/service-name=mc";

    /** In one slice; a real one has up to 100. */
    private static final int ENDPOINTS = 2;

    private record Event(int version, String type, String object) {}

    private final HttpServer server;
    private final Path account;
    private final Map<String, String> slices = new TreeMap<>();
    private final List<Event> events = new ArrayList<>();
    private final Map<String, Integer> asked = new HashMap<>();
    private int version = 100;
    private int forgotten;
    private int watches;
    private boolean closed;
    private String token = "";

    /** @param account the directory for the files of a service account */
    KubernetesApi(Path account) throws IOException {
        this.account = account;
        newToken();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(
                Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
        server.createContext("/", this::answer);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Has the service have these endpoints: addresses by the names of their pods. */
    synchronized void endpoints(Map<String, String> addresses, int port) {
        List<String> endpoints = addresses.entrySet().stream()
                .map(pod -> endpoint(pod.getKey(), pod.getValue()))
                .toList();
        Map<String, String> wanted = new TreeMap<>();
        for (int i = 0; i < endpoints.size(); i += ENDPOINTS) {
            wanted.put(
                    "mc-slice-" + i / ENDPOINTS,
                    "\"ports\": [{\"name\": \"\", \"port\": " + port + ", \"protocol\": \"TCP\"}], \"endpoints\": ["
                            + String.join(", ", endpoints.subList(i, Math.min(i + ENDPOINTS, endpoints.size())))
                            + "]");
        }
        for (String name : List.copyOf(slices.keySet())) {
            if (!wanted.containsKey(name)) {
                change("DELETED", name, slices.remove(name));
            }
        }
        wanted.forEach((name, content) -> {
            String before = slices.put(name, content);
            if (!content.equals(before)) {
                change(before == null ? "ADDED" : "MODIFIED", name, content);
            }
        });
    }

    private static String endpoint(String pod, String address) {
        return """
                {"addresses": ["%s"], "conditions": {"ready": true, "serving": true, "terminating": false},
                 "hostname": "%s", "targetRef": {"kind": "Pod", "namespace": "caches", "name": "%s"}}
                """.formatted(address, pod, pod).replace("\n", "");
    }

    private void change(String type, String name, String content) {
        version++;
        events.add(new Event(version, type, slice(name, content, version)));
        notifyAll();
    }

    private static String slice(String name, String content, int version) {
        return """
                {"kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1", "metadata": {"name": "%s", \
                "namespace": "caches", "resourceVersion": "%d", "labels": {"kubernetes.io/service-name": "mc"}}, \
                "addressType": "IPv4", %s}""".formatted(name, version, content);
    }

    /** Ends all watches, and knows no version of before. */
    synchronized void forget() {
        version++;
        forgotten = version;
        events.clear();
        notifyAll();
    }

    /** Gives the account another token, and ends all watches: the one of before is not taken any more. */
    synchronized void newToken() throws IOException {
        token = "token-" + version;
        Files.writeString(account.resolve("token"), token + "\n");
        watches++;
        notifyAll();
    }

    /** The number of questions of a kind: {@code list}, {@code watch}, {@code gone}. */
    synchronized int asked(String kind) {
        return asked.getOrDefault(kind, 0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> query = Arrays.stream(
                            exchange.getRequestURI().getQuery().split("&"))
                    .map(part -> part.split("=", 2))
                    .collect(Collectors.toMap(part -> part[0], part -> part[1]));
            if (!exchange.getRequestURI().getPath().equals(PATH) || !SELECTOR.equals(query.get("labelSelector"))) {
                send(exchange, 404, status(404, "NotFound"));
            } else if (!isKnown(exchange.getRequestHeaders().getFirst("Authorization"))) {
                send(exchange, 401, status(401, "Unauthorized"));
            } else if ("true".equals(query.get("watch"))) {
                watch(exchange, Integer.parseInt(query.get("resourceVersion")));
            } else {
                send(exchange, 200, list(Integer.parseInt(query.getOrDefault("continue", "0"))));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isKnown(String authorization) {
        return ("Bearer " + token).equals(authorization);
    }

    /** A page has one slice. */
    private synchronized String list(int from) {
        asked.merge("list", 1, Integer::sum);
        List<String> items = new ArrayList<>();
        slices.forEach((name, content) -> items.add(slice(name, content, version)));
        return """
                {"kind": "EndpointSliceList", "apiVersion": "discovery.k8s.io/v1",
                 "metadata": {"resourceVersion": "%d", "continue": "%s"}, "items": [%s]}
                """.formatted(version, from + 1 < items.size() ? from + 1 : "", items.get(from));
    }

    private void watch(HttpExchange exchange, int from) throws IOException, InterruptedException {
        int generation;
        synchronized (this) {
            asked.merge("watch", 1, Integer::sum);
            generation = watches;
            if (from < forgotten) {
                asked.merge("gone", 1, Integer::sum);
                generation = -1;
            }
        }
        if (generation < 0) {
            send(exchange, 410, status(410, "Expired"));
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        int known = from;
        for (List<Event> more = after(known, generation); !more.isEmpty(); more = after(known, generation)) {
            for (Event event : more) {
                String line = "{\"type\": \"" + event.type + "\", \"object\": " + event.object + "}\n";
                exchange.getResponseBody().write(line.getBytes(UTF_8));
                known = event.version;
            }
            exchange.getResponseBody().flush();
        }
    }

    /** Waits for events after that version; none if the watch is to end. */
    private synchronized List<Event> after(int known, int generation) throws InterruptedException {
        while (true) {
            if (closed || generation != watches || known < forgotten) {
                return List.of();
            }
            List<Event> more =
                    events.stream().filter(event -> event.version > known).toList();
            if (!more.isEmpty()) {
                return more;
            }
            wait();
        }
    }

    private static String status(int code, String reason) {
        return """
                {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "%s", "code": %d}
                """.formatted(reason, code);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        server.stop(0);
    }
}
