package io.memroute.lua.code;

import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.Site;

/**
 * The superclass of generated classes. Only the method with a function's code has "line numbers", which are indexes
 * into {@link Code#sites}.
 */
public abstract class CompiledFunction extends Prototyped {
    /** The function of a generated class; one object per class. */
    public static final class Code {
        public final FunctionBody body;
        public Site[] sites = {};

        public Code(FunctionBody body) {
            this.body = body;
        }
    }

    public abstract Code code();

    @Override
    public final FunctionBody body() {
        return code().body;
    }
}
