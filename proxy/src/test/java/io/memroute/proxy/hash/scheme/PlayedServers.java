package io.memroute.proxy.hash.scheme;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.memroute.proxy.hash.ServerName;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Servers on the loopback network, each of which has every key, with its own place among them as the value. */
final class PlayedServers implements AutoCloseable {

    private static final int BACKLOG = 50;

    /** Whose turn it is to play servers: they have the same addresses in every process on this machine. */
    private static final Path TURN = Path.of(System.getProperty("java.io.tmpdir"), "memroute-played-servers");

    private final List<ServerSocket> listening = new ArrayList<>();
    private final List<Thread> accepting = new ArrayList<>();
    private final FileChannel turn;

    private PlayedServers(FileChannel turn) {
        this.turn = turn;
    }

    static PlayedServers of(List<ServerName> servers) throws IOException {
        PlayedServers played =
                new PlayedServers(FileChannel.open(TURN, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        try {
            if (!servers.isEmpty()) {
                played.turn.lock();
            }
            for (int place = 0; place < servers.size(); place++) {
                ServerName server = servers.get(place);
                ServerSocket socket = new ServerSocket();
                played.listening.add(socket);
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(server.host(), server.port()), BACKLOG);
                String value = Integer.toString(place);
                played.accepting.add(Thread.ofVirtual().start(() -> accept(socket, value)));
            }
            return played;
        } catch (IOException e) {
            played.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket socket : listening) {
            socket.close();
        }
        try {
            // An address is free when nobody waits for clients at it any more.
            for (Thread thread : accepting) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        turn.close();
    }

    private static void accept(ServerSocket socket, String value) {
        try {
            while (true) {
                Socket client = socket.accept();
                client.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> serve(client, value));
            }
        } catch (IOException e) {
            // Closed: the question is answered.
            return;
        }
    }

    private static void serve(Socket client, String value) {
        try (client;
                InputStream in = new BufferedInputStream(client.getInputStream());
                BufferedOutputStream out = new BufferedOutputStream(client.getOutputStream())) {
            for (String line = line(in); line != null; line = line(in)) {
                out.write(answer(line, value).getBytes(ISO_8859_1));
                if (in.available() == 0) {
                    out.flush();
                }
            }
        } catch (IOException e) {
            // The client is gone.
            return;
        }
    }

    private static String answer(String line, String value) {
        String[] words = line.split(" ");
        if (!words[0].equals("get") && !words[0].equals("gets")) {
            return words[0].equals("version") ? "VERSION 1.6.18\r\n" : "ERROR\r\n";
        }
        String end = words[0].equals("gets") ? " 1\r\n" : "\r\n";
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < words.length; i++) {
            text.append("VALUE ")
                    .append(words[i])
                    .append(" 0 ")
                    .append(value.length())
                    .append(end);
            text.append(value).append("\r\n");
        }
        return text.append("END\r\n").toString();
    }

    /** A line without its end; null at the end of the stream. */
    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                return line.toString(ISO_8859_1).stripTrailing();
            }
            line.write(next);
        }
        return null;
    }
}
