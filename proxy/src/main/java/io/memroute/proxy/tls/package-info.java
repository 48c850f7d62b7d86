/**
 * TLS: certificates and private keys from files, the contexts of listeners, and how they are replaced.
 *
 * <p>It must not know requests, routes or connections to servers.
 */
@NullMarked
package io.memroute.proxy.tls;

import org.jspecify.annotations.NullMarked;
