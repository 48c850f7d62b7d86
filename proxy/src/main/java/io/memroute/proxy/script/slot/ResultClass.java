package io.memroute.proxy.script.slot;

import io.memroute.protocol.Reply;
import io.memroute.proxy.config.library.McpConstants;

/**
 * The class of the reply to a request that a function sent.
 *
 * @see "docs/reference/proxy-api.md section 3.9"
 */
enum ResultClass {
    /** Answered, and no miss. */
    GOOD(McpConstants.RES_GOOD),
    /** A miss. */
    OK(McpConstants.RES_OK),
    /** Failed, an error line, or a text of a function. */
    ANY(McpConstants.RES_ANY);

    /** Boxed once: it is given to scripts with every result. */
    private final Long flag;

    ResultClass(long flag) {
        this.flag = flag;
    }

    /** As {@code mcp.RES_*}. */
    Long flag() {
        return flag;
    }

    static ResultClass of(Reply reply) {
        if (!reply.ok()) {
            return ANY;
        }
        return reply.miss() ? OK : GOOD;
    }
}
