/**
 * memcached's classic and meta text protocols: parsing and writing of every request and reply over Netty buffers.
 *
 * <p>Parsers fill reusable, mutable <em>views</em> ({@link io.memroute.protocol.Request},
 * {@link io.memroute.protocol.Reply}) with absolute buffer indexes. Nothing is copied, no string is made and nothing is
 * allocated per request. A view is valid until its parser is called with it again or the bytes move; it belongs to one
 * thread.
 *
 * <p>This package knows nothing of sockets, event loops, keys' homes or stored items.
 */
@NullMarked
package io.memroute.protocol;

import org.jspecify.annotations.NullMarked;
