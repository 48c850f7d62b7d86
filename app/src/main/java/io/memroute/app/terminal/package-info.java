/**
 * The terminal that a command runs in: whether there is one, and colours for it. Knows nothing of what is shown there.
 */
package io.memroute.app.terminal;
