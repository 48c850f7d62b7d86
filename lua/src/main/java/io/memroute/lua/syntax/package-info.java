/**
 * Makes a resolved syntax tree of source text: lexer, parser, and the tree's types. Every name in the tree is bound to
 * a local variable, an upvalue or a field of {@code _ENV}. It must not know how trees are executed.
 */
@NullMarked
package io.memroute.lua.syntax;

import org.jspecify.annotations.NullMarked;
