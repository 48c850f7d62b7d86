/**
 * Limits on how long a client may be idle or take to send a request. This package must not know connections or any
 * other part of the proxy: seconds go in, verdicts come out.
 */
@NullMarked
package io.memroute.proxy.client.time;

import org.jspecify.annotations.NullMarked;
