/**
 * Accepting clients at the two moments when that goes otherwise than usual: when the system has no descriptors left,
 * and when listeners close. This package must not know connections or requests.
 */
@NullMarked
package io.memroute.proxy.client.accept;

import org.jspecify.annotations.NullMarked;
