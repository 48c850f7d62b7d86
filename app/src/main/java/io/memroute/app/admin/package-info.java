/**
 * Questions to a running proxy: an HTTP listener of its own, off unless it is asked for, and its client, for
 * {@code --running}.
 *
 * <p>It only answers: nothing here changes the proxy, or reads a file that a request has named. Answers are worked out
 * on threads of their own, never on a worker's. It must not know what the pages say: they are given to it.
 */
@NullMarked
package io.memroute.app.admin;

import org.jspecify.annotations.NullMarked;
