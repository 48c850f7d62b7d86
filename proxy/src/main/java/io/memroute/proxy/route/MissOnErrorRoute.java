package io.memroute.proxy.route;

import io.memroute.protocol.Command;
import io.memroute.protocol.Reply;
import io.memroute.protocol.ReplyType;
import io.memroute.proxy.call.Call;
import io.memroute.proxy.call.FreeList;
import io.memroute.proxy.call.PassedCall;
import io.memroute.proxy.stats.Counter;
import io.memroute.proxy.stats.WorkerCounters;
import java.util.EnumSet;
import java.util.Set;

/**
 * A route whose gets never fail: an error of a server, or of the way to it, becomes the miss of the command. Many
 * client libraries give up all values of a multi-key get when one key is answered with an error. Other commands pass as
 * they are.
 *
 * <p>What the client did wrong ({@code CLIENT_ERROR}, {@code ERROR}) is told as ever, and so is that there is no route.
 */
public final class MissOnErrorRoute implements Route {

    /** The commands that have a miss and change no item: a client does for a miss what it would do for an error. */
    public static final Set<Command> COMMANDS =
            EnumSet.of(Command.GET, Command.GETS, Command.GAT, Command.GATS, Command.MG);

    private final Route root;
    private final NullRoute nothing;
    private final WorkerCounters counters;
    private final FreeList<Get> free = new FreeList<>(Get::new);

    public MissOnErrorRoute(Route root, NullRoute nothing, WorkerCounters counters) {
        this.root = root;
        this.nothing = nothing;
        this.counters = counters;
    }

    @Override
    public void start(Call call) {
        if (!call.request().command().isGet()) {
            root.start(call);
            return;
        }
        Get get = free.take();
        get.askedBy(call);
        root.start(get);
    }

    @Override
    public boolean keepsOrder() {
        return root.keepsOrder();
    }

    private final class Get extends PassedCall {

        @Override
        public void replied(Reply reply) {
            if (reply.type() != ReplyType.SERVER_ERROR) {
                super.replied(reply);
                return;
            }
            counters.increment(Counter.ERRORS_AS_MISSES);
            nothing.start(parent);
            recycle();
        }

        @Override
        protected void recycle() {
            forgetParent();
            free.give(this);
        }
    }
}
