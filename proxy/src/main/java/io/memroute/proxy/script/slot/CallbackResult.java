package io.memroute.proxy.script.slot;

import io.memroute.lua.Args;
import io.memroute.lua.Results;
import io.memroute.proxy.config.library.McpConstants;
import org.jspecify.annotations.Nullable;

/**
 * The results of a handle's callback; both are optional.
 *
 * @param judged the class that the callback gives the reply; without one it is judged as usual
 * @param resume whether the function goes on
 * @see "docs/reference/proxy-api.md section 3.9"
 */
record CallbackResult(@Nullable ResultClass judged, boolean resume) {

    static final CallbackResult NOTHING = new CallbackResult(null, false);

    static CallbackResult of(Object results) {
        if (!(Results.first(results) instanceof Long mode)) {
            return NOTHING;
        }
        @Nullable
        ResultClass judged = mode == McpConstants.WAIT_GOOD
                ? ResultClass.GOOD
                : mode == McpConstants.WAIT_OK ? ResultClass.OK : null;
        return new CallbackResult(judged, Args.truth(Results.get(results, 1)));
    }
}
