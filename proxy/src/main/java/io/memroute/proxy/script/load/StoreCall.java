package io.memroute.proxy.script.load;

import io.memroute.protocol.Reply;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.RequestHolder;
import io.memroute.proxy.route.Route;
import io.memroute.proxy.script.object.ReplyObject;
import io.memroute.proxy.script.slot.WorkerState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code mcp.internal}: a request that the embedded store answers at once. */
final class StoreCall extends Call {

    private final WorkerState state;
    private final RequestHolder holder;
    private @Nullable ReplyObject answer;

    private StoreCall(WorkerState state, RequestHolder holder) {
        this.state = state;
        this.holder = holder;
    }

    static ReplyObject ask(Route store, WorkerState state, RequestHolder holder) {
        StoreCall call = new StoreCall(state, holder);
        store.start(call);
        return Objects.requireNonNull(call.answer, "the embedded store answers at once");
    }

    @Override
    public RequestHolder holder() {
        return holder;
    }

    @Override
    public void replied(Reply reply) {
        answer = new ReplyObject(state.replyMeta(), reply);
    }
}
