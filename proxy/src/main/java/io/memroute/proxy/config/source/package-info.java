/**
 * Values of a configuration with the places where they were written: tables that give their values with types and note
 * every mistake, and the text of files as far as it tells where a value stands.
 *
 * <p>Nothing here knows what a configuration may say.
 */
@NullMarked
package io.memroute.proxy.config.source;

import org.jspecify.annotations.NullMarked;
