/**
 * memcached's command line: its option letters, long names, {@code -o} words and listener syntax, with its error texts
 * and exit statuses.
 *
 * <p>Nothing here opens a socket or writes anything; the only name that is looked up is the host of {@code --admin}.
 * The result is a {@link io.memroute.app.options.ServerArguments}.
 */
@NullMarked
package io.memroute.app.options;

import org.jspecify.annotations.NullMarked;
