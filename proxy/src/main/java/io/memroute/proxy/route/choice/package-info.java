/** The choices that routes make by numbers: which child a key or a host gets, and which requests there is room for. */
@NullMarked
package io.memroute.proxy.route.choice;

import org.jspecify.annotations.NullMarked;
