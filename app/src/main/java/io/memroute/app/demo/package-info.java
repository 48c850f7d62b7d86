/** {@code memroute demo}: a proxy with servers behind it in one process, to try things out. */
@NullMarked
package io.memroute.app.demo;

import org.jspecify.annotations.NullMarked;
