/**
 * Annotations of the configuration language for editors that run the Lua language server, made from the declarations
 * that configurations are read with. Those that are written by hand stand in the program's packages beside them.
 */
@NullMarked
package io.memroute.proxy.explain.editor;

import org.jspecify.annotations.NullMarked;
