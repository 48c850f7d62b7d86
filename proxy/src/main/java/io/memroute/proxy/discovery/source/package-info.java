/**
 * The kinds of sources, one class for each: files, name servers, HTTP, clusters, Kubernetes.
 *
 * <p>A source asks and takes answers apart. It must not know what is made of them.
 */
@NullMarked
package io.memroute.proxy.discovery.source;

import org.jspecify.annotations.NullMarked;
