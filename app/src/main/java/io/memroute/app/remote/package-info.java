/**
 * The answers of a running proxy's admin listener, as the records that they were before they became JSON. What is made
 * of them is the business of others.
 */
@NullMarked
package io.memroute.app.remote;

import org.jspecify.annotations.NullMarked;
