package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.memroute.proxy.hash.Scheme;
import io.memroute.proxy.hash.ServerName;
import io.memroute.testkit.Deadline;
import io.memroute.testkit.RefusingPort;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A running twemproxy before played servers. */
final class NutcrackerOracle implements Oracle {

    private static final String PROGRAM = "nutcracker";
    private static final int BATCH = 100;
    private static final Duration START = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "twemproxy (nutcracker)";
    }

    @Override
    public boolean installed() {
        try {
            Process process = new ProcessBuilder(PROGRAM, "-V")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.waitFor();
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public String install() {
        return "apt-get install -y nutcracker";
    }

    @Override
    public List<Scheme> schemes() {
        return List.of(Twemproxy.KETAMA, Twemproxy.MODULA);
    }

    @Override
    public RandomPools.Hosts hosts() {
        return RandomPools.Hosts.LOOPBACK;
    }

    @Override
    public boolean names() {
        return true;
    }

    @Override
    public List<int[]> places(List<Question> questions, List<byte[]> keys) throws IOException, InterruptedException {
        List<int[]> all = new ArrayList<>();
        for (Question question : questions) {
            all.add(places(question, keys));
        }
        return all;
    }

    private static int[] places(Question question, List<byte[]> keys) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("nutcracker");
        Path configuration = directory.resolve("nutcracker.yml");
        try (PlayedServers servers = PlayedServers.of(question.servers());
                RefusingPort listen = RefusingPort.reserve();
                RefusingPort stats = RefusingPort.reserve()) {
            Files.writeString(configuration, configuration(question, listen.port()));
            Process process = new ProcessBuilder(
                            PROGRAM,
                            "-c",
                            configuration.toString(),
                            "-a",
                            "127.0.0.1",
                            "-s",
                            Integer.toString(stats.port()),
                            "-o",
                            directory.resolve("log").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (Socket client = connect(process, listen.port())) {
                return ask(client, keys);
            } finally {
                process.destroy();
                process.waitFor();
            }
        } finally {
            Files.deleteIfExists(configuration);
            Files.deleteIfExists(directory.resolve("log"));
            Files.delete(directory);
        }
    }

    private static String configuration(Question question, int port) {
        StringBuilder text = new StringBuilder();
        text.append("pool:\n  listen: 127.0.0.1:").append(port);
        text.append("\n  hash: ").append(question.hash());
        text.append("\n  distribution: ")
                .append(question.scheme().name().substring("twemproxy-".length()))
                .append("\n  servers:\n");
        for (ServerName server : question.servers()) {
            text.append("   - ").append(server.host()).append(':').append(server.port());
            text.append(':').append((int) server.weight());
            server.name().ifPresent(name -> text.append(' ').append(name));
            text.append('\n');
        }
        return text.toString();
    }

    private static Socket connect(Process process, int port) {
        Socket[] connected = new Socket[1];
        Deadline.await("nutcracker listens on port " + port, START, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("nutcracker has ended");
            }
            try {
                connected[0] = new Socket(InetAddress.getLoopbackAddress(), port);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        return connected[0];
    }

    private static int[] ask(Socket client, List<byte[]> keys) throws IOException {
        client.setTcpNoDelay(true);
        InputStream in = new BufferedInputStream(client.getInputStream());
        int[] places = new int[keys.size()];
        for (int begin = 0; begin < places.length; begin += BATCH) {
            int end = Math.min(begin + BATCH, places.length);
            StringBuilder get = new StringBuilder("get");
            for (int i = begin; i < end; i++) {
                get.append(' ').append(new String(keys.get(i), ISO_8859_1));
            }
            client.getOutputStream().write(get.append("\r\n").toString().getBytes(ISO_8859_1));
            Map<String, Integer> found = new HashMap<>();
            for (String line = line(in); !line.equals("END"); line = line(in)) {
                if (!line.startsWith("VALUE ")) {
                    throw new IOException("nutcracker answers " + line);
                }
                found.put(line.split(" ")[1], Integer.parseInt(line(in)));
            }
            for (int i = begin; i < end; i++) {
                places[i] = found.get(new String(keys.get(i), ISO_8859_1));
            }
        }
        return places;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("nutcracker has closed the connection after " + line);
            }
            line.append((char) next);
        }
        line.setLength(line.length() - 1);
        return line.toString();
    }
}
