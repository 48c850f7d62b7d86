/** Requests that go to all children of a route at once, and rules that make one reply of many. */
@NullMarked
package io.memroute.proxy.route.fanout;

import org.jspecify.annotations.NullMarked;
