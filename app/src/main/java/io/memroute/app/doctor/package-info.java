/**
 * {@code memroute doctor}: what is wrong with running proxies, in sentences. A {@link io.memroute.app.doctor.Rule} for
 * each thing that can be wrong, which looks at {@link io.memroute.app.doctor.Evidence} and asks nobody; so each can be
 * tried on numbers of any kind.
 */
@NullMarked
package io.memroute.app.doctor;

import org.jspecify.annotations.NullMarked;
