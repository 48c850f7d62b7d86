/**
 * Files of the packages that are written from what the program declares: the manual page, completion for shells, and
 * annotations of the configuration language for editors. {@code memroute generate} writes them while a package is
 * built, so that none of them can name an unknown option.
 */
@NullMarked
package io.memroute.app.generated;

import org.jspecify.annotations.NullMarked;
