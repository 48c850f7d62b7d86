/**
 * Shared parts of the tests of every module: real memcached processes, backends that follow a script, clients that
 * check every byte, and ports that refuse or never answer.
 *
 * <p>Everything here waits for a condition with a deadline ({@link io.memroute.testkit.Deadline}) and fails with an
 * {@link java.lang.AssertionError} that says what was waited for and what had arrived by then. Nothing sleeps for a
 * fixed time, and everything listens on the loopback interface only. The package knows nothing of memroute itself.
 */
@NullMarked
package io.memroute.testkit;

import org.jspecify.annotations.NullMarked;
