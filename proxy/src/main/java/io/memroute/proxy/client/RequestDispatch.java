package io.memroute.proxy.client;

import io.memroute.protocol.Command;
import io.memroute.protocol.Replies;
import io.memroute.protocol.Request;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.route.RouteTable;
import io.memroute.proxy.route.Router;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.ReplyKind;
import io.memroute.proxy.stats.WorkerCounters;
import io.memroute.store.Store;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gives the requests of one client to what answers them: the routes in force, the embedded store, or the commands about
 * the server. Owned by the worker's thread.
 */
final class RequestDispatch {

    private final WorkerClients clients;
    private final WorkerCounters counters;
    private final ClientConnection client;
    private final ExchangeQueue queue;
    /** The listener's tag, unless its connections are always served by the embedded store. */
    private final @Nullable String tag;

    /** The table of {@link #router}, set with it: while the client has requests under way. */
    @SuppressWarnings("NullAway.Init")
    private RouteTable routerTable;

    private @Nullable Router router;
    /** Made when a request needs it. */
    private @Nullable KeyOrder order;

    RequestDispatch(WorkerClients clients, ClientConnection client, ExchangeQueue queue, @Nullable String tag) {
        this.clients = clients;
        this.counters = clients.counters();
        this.client = client;
        this.queue = queue;
        this.tag = tag;
    }

    /** Whether routes answer the request; those that judge the texts of flags also want some malformed ones. */
    boolean routes(Request request) {
        Router found = router();
        return found != null && (request.error() == null || found.judgesFlagTexts() && request.onlyFlagTextWrong());
    }

    /** The routes in force for the listener, if there are any. */
    private @Nullable Router router() {
        RouteTable inForce = clients.routes();
        if (inForce == null || tag == null) {
            return null;
        }
        if (inForce != routerTable) {
            if (!queue.isEmpty()) {
                order().listEarlier(queue);
            }
            routerTable = inForce;
            router = inForce.router(tag);
        }
        return router;
    }

    /**
     * Lets go of routes that are no longer in force, unless requests are under way: a client that asks nothing more
     * must not keep them, and all that belongs to their configuration.
     */
    @SuppressWarnings("NullAway") // not used again before it is set again
    void forgetOldRoutes() {
        if (routerTable != clients.routes() && queue.isEmpty()) {
            routerTable = null;
            router = null;
        }
    }

    /** Begins to answer a request, the last of the client's queue. */
    void start(Exchange exchange) {
        Command command = exchange.request().command();
        Router found = router();
        if (!command.isStorage() && (found == null || found.administrative(command) == null)) {
            administer(exchange, found);
        } else if (command == Command.MN) {
            exchange.reply(Replies.MN);
        } else if (found == null) {
            embedded(exchange);
        } else if (clients.isLimitReached(client.tenant())) {
            counters.increment(Counter.ACTIVE_LIMIT_REFUSALS);
            client.outcomes().ended(command, ReplyKind.ERROR);
            exchange.reply(Replies.ACTIVE_REQUEST_LIMIT);
        } else {
            route(exchange, found);
        }
    }

    private void route(Exchange exchange, Router found) {
        Command command = exchange.request().command();
        counters.increment(Counter.REQUESTS);
        exchange.enter(routerTable);
        if (!command.isStorage()) {
            Objects.requireNonNull(found.administrative(command), "administrative")
                    .start(exchange);
            return;
        }
        counters.command(command);
        Route route = found.route(exchange.request());
        if (order != null && !order.isEmpty() || !route.keepsOrder()) {
            order().start(exchange, route);
        } else {
            route.start(exchange);
        }
    }

    private void embedded(Exchange exchange) {
        Request request = exchange.request();
        Store store = clients.worker().store();
        ByteBuf answer = clients.worker().allocator().heapBuffer();
        try {
            ByteBuf value = exchange.value();
            boolean quiet = value == null
                    ? store.execute(request, request.buffer(), request.end(), answer)
                    : store.execute(request, value, value.readerIndex(), answer);
            if (quiet) {
                exchange.end();
            } else {
                exchange.answered(answer);
            }
        } finally {
            answer.release();
        }
    }

    // ---- commands about the server ----

    private void administer(Exchange exchange, @Nullable Router found) {
        Command command = exchange.request().command();
        if (command == Command.QUIT) {
            client.takeNoMoreRequests();
            exchange.end();
        } else if (command == Command.WATCH) {
            client.watch(exchange);
        } else if (command == Command.REFRESH_CERTS) {
            clients.context()
                    .admin()
                    .refreshCertificates()
                    .thenAcceptAsync(exchange::reply, clients.worker().loop());
        } else if (command == Command.FLUSH_ALL && found != null) {
            exchange.enter(routerTable);
            routerTable.flushAll(found).start(exchange);
        } else {
            execute(exchange, found == null);
        }
    }

    private void execute(Exchange exchange, boolean embedded) {
        ByteBuf answer = clients.worker().allocator().heapBuffer();
        try {
            if (clients.context().admin().execute(exchange.request(), embedded, answer)
                    == AdminCommands.Outcome.CLOSE) {
                client.takeNoMoreRequests();
            }
            exchange.answered(answer);
        } finally {
            answer.release();
        }
    }

    // ---- the order of commands about one key ----

    private KeyOrder order() {
        if (order == null) {
            order = new KeyOrder();
        }
        return order;
    }

    /** Notes that an exchange has been answered. Returns whether others wait to be {@linkplain #release released}. */
    boolean answered(Exchange exchange) {
        KeyOrder.Entry listing = exchange.listing();
        if (order == null || listing == null) {
            return false;
        }
        order.finished(exchange, listing);
        return order.holdsBack();
    }

    /** Starts the requests that need not wait for others any longer. */
    void release() {
        if (order != null && order.holdsBack()) {
            order.release();
        }
    }
}
