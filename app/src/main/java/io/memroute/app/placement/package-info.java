/**
 * Compares where keys are with where they would be: by another pool, by a scheme, or by a proxy that runs.
 *
 * <p>A {@link io.memroute.app.placement.Placement} says which server has a key.
 * {@link io.memroute.app.placement.Agreement} counts the keys about which two of them agree.
 */
@NullMarked
package io.memroute.app.placement;

import org.jspecify.annotations.NullMarked;
