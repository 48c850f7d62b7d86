/**
 * Questions to a running proxy: a listener of its own, off unless it is asked for, that answers {@code check},
 * {@code why}, {@code plan} and {@code show} about the configuration in force, and the client of it that
 * {@code --running} is.
 *
 * <p>It only answers: nothing here changes the proxy, or reads a file that the one who asks has named. Answers are
 * worked out on threads of their own, never on a worker's.
 */
package io.memroute.app.admin;
