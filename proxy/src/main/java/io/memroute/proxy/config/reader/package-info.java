/**
 * Reads configurations: runs an operator's Lua files against the built-in route library and turns what they said into a
 * {@link io.memroute.proxy.config.ProxyConfig}, or into all of their errors.
 *
 * <p>The library's functions ({@code settings}, {@code pools}, {@code routes}, {@code cmdmap}, {@code route_...}) only
 * record what they were called with and where; nothing is checked until the files have run, so that their order does
 * not matter. Then each part has a reader: settings, pools, routes. A reader notes an error and goes on.
 *
 * <p>{@link io.memroute.proxy.config.reader.ConfigLoader} is the way in. It runs on a configuration thread, makes a
 * fresh Lua state for every load, and keeps nothing.
 */
package io.memroute.proxy.config.reader;
