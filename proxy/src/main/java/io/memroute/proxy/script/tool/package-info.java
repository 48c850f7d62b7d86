/**
 * Inspectors and mutators: lists of steps that a script describes once and then calls for a request or a reply, which
 * is cheaper than the methods of those objects, as nothing becomes a Lua string on the way.
 *
 * <p>A step is read and checked where it is described; nothing is left that could be wrong in a call, except for the
 * arguments given. Objects of scripts are seen as {@link io.memroute.proxy.script.tool.ToolRequest} and
 * {@link io.memroute.proxy.script.tool.ToolReply}: this package must not know how they are kept, nor contexts, handles
 * or workers.
 *
 * @see "docs/reference/proxy-api.md sections 3.13 and 3.14"
 */
@NullMarked
package io.memroute.proxy.script.tool;

import org.jspecify.annotations.NullMarked;
