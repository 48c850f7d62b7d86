package io.memroute.app.console;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;

import io.memroute.app.admin.AdminPages.Cost;
import io.memroute.app.admin.AdminPages.Page;
import io.memroute.app.admin.AdminRequest;
import io.memroute.app.admin.AdminResponse;
import io.memroute.app.admin.EventStream;
import io.memroute.proxy.ProxyServer;
import io.memroute.proxy.config.ConfigException;
import io.memroute.proxy.config.ProxyConfig;
import io.memroute.proxy.config.reader.ConfigLoader;
import io.memroute.proxy.explain.Check;
import io.memroute.proxy.explain.KeySample;
import io.memroute.proxy.explain.Plan;
import io.memroute.proxy.explain.render.Json;
import io.memroute.proxy.script.library.LibraryLoader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Tries out a configuration that is posted: {@code /api/proposal}. It is checked, and compared with what is in force;
 * nothing of it stays. The answer is a stream: {@code check}, then {@code progress} while keys are hashed, then
 * {@code plan}; or {@code refused} with the reason why there is none.
 */
public final class ProposalPage {

    static final String PATH = "/api/proposal";

    /** The type of what is posted; no page of another site may send it. */
    static final String BODY_TYPE = "application/x-lua";

    private static final int MOST_KEYS = KeySample.DEFAULT_KEYS;
    private static final String NUMBER = "[1-9][0-9]{0,6}";

    /** The progress of hashing keys. */
    public record Progress(long hashed, long all) {}

    private final ProxyServer server;

    private ProposalPage(ProxyServer server) {
        this.server = server;
    }

    public static List<Page> of(ProxyServer server) {
        return List.of(
                new Page(PATH, Cost.LOW, Optional.of(BODY_TYPE), request -> new ProposalPage(server).answer(request)));
    }

    private AdminResponse answer(AdminRequest request) {
        String keys = request.value("keys").orElse(Integer.toString(MOST_KEYS));
        if (!keys.matches(NUMBER) || Integer.parseInt(keys) > MOST_KEYS) {
            return AdminResponse.text(BAD_REQUEST, "keys: expected a number from 1 to " + MOST_KEYS + "\n");
        }
        return AdminResponse.events(Cost.HIGH, stream -> tryOut(request.body(), Integer.parseInt(keys), stream));
    }

    private void tryOut(byte[] text, int keys, EventStream stream) {
        PastedHost host = new PastedHost(text);
        Check.Report report =
                Check.run(PastedHost.SOURCE, host, Optional.of(server.options().knownListeners()));
        stream.send("check", Json.line(report));
        if (!report.errors().isEmpty() || plan(host, keys, stream)) {
            stream.end();
        }
    }

    /** Returns false if the work has been cancelled, because nobody waits for it or it has taken too long. */
    private boolean plan(PastedHost host, int keys, EventStream stream) {
        Optional<ProxyConfig> inForce = server.configuration();
        if (inForce.isEmpty()) {
            stream.send("refused", "there is no configuration in force that it could be compared with");
            return true;
        }
        try {
            ProxyConfig proposed = ConfigLoader.loadAll(PastedHost.SOURCE, host, LibraryLoader.withoutServer())
                    .config();
            stream.send("plan", Json.line(compare(inForce.get(), proposed, keys, stream)));
            return true;
        } catch (ConfigException e) {
            stream.send("refused", String.valueOf(e.getMessage()));
            return true;
        } catch (CancellationException e) {
            return false;
        }
    }

    private static Plan.Report compare(ProxyConfig inForce, ProxyConfig proposed, int keys, EventStream stream) {
        // With one key it says how often each key is going to be hashed.
        long[] passes = new long[1];
        Plan.compare(inForce, proposed, KeySample.generated(1).telling(hashed -> passes[0] += hashed));
        long all = passes[0] * keys;
        long[] done = new long[1];
        return Plan.compare(inForce, proposed, KeySample.generated(keys).telling(hashed -> {
            if (!stream.isOpen()) {
                throw new CancellationException();
            }
            long percent = 100 * done[0] / all;
            done[0] += hashed;
            if (100 * done[0] / all > percent) {
                stream.send("progress", Json.line(new Progress(done[0], all)));
            }
        }));
    }
}
