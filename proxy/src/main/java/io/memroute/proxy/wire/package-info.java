/**
 * Bytes on their way through one worker: what came in and what goes out, on memory that is used again.
 *
 * <p>Everything here belongs to one worker's thread and is neither locked nor reference counted atomically; only
 * {@link io.memroute.proxy.wire.MemoryLimit} is for all of them. It knows nothing of commands, replies or routes.
 */
@NullMarked
package io.memroute.proxy.wire;

import org.jspecify.annotations.NullMarked;
