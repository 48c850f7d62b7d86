/**
 * Finds mistakes in source text without running it: names that nothing defines, keys that a table gives twice. Start
 * with {@link io.memroute.lua.analysis.SourceReview}.
 *
 * <p>It must not know who embeds Lua: what counts as defined is for the caller to say.
 */
@NullMarked
package io.memroute.lua.analysis;

import org.jspecify.annotations.NullMarked;
