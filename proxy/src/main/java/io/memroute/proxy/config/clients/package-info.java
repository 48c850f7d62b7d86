/**
 * The reader of rules about clients, in configurations of the route library and in programs of their own.
 *
 * <p>It must not know pools or routes, nor anything that serves requests.
 */
@NullMarked
package io.memroute.proxy.config.clients;

import org.jspecify.annotations.NullMarked;
