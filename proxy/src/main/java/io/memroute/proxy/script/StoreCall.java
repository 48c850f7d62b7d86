package io.memroute.proxy.script;

import io.memroute.protocol.Reply;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.route.Route;

/** {@code mcp.internal}: a request that the embedded store answers at once. */
final class StoreCall extends Call {

    private final WorkerScript script;
    private final RequestHolder holder;
    private ReplyObject answer;

    private StoreCall(WorkerScript script, RequestHolder holder) {
        this.script = script;
        this.holder = holder;
    }

    static ReplyObject ask(Route store, WorkerScript script, RequestHolder holder) {
        StoreCall call = new StoreCall(script, holder);
        store.start(call);
        return call.answer;
    }

    @Override
    public RequestHolder holder() {
        return holder;
    }

    @Override
    public void replied(Reply reply) {
        answer = new ReplyObject(script.replyMeta, reply);
    }
}
