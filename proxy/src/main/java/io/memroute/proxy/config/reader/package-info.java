/**
 * Reads configurations: runs an operator's Lua files and turns what they said into a
 * {@link io.memroute.proxy.config.ProxyConfig}, or into all of their errors. Each part has a reader: settings, pools,
 * routes. A reader notes an error and goes on.
 *
 * <p>{@link io.memroute.proxy.config.reader.ConfigLoader} is the way in. It runs on a configuration thread, makes a
 * fresh Lua state for every load, and keeps nothing. Readers must not know what a worker makes of the model.
 */
@NullMarked
package io.memroute.proxy.config.reader;

import org.jspecify.annotations.NullMarked;
