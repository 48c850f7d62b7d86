/**
 * Writes the configurations of other proxies as memroute's, and reports what differs.
 *
 * <p>A file is read into a {@link io.memroute.app.importing.Node} with the line of each value, whatever its language.
 * An import turns that into {@link io.memroute.app.importing.Pool}s and routes, and tells a
 * {@link io.memroute.app.importing.Report} about each setting: nothing of the source is passed over in silence.
 */
@NullMarked
package io.memroute.app.importing;

import org.jspecify.annotations.NullMarked;
