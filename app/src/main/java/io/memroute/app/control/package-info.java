/**
 * The control socket of a server, by which commands on the same machine have it do something: read its configuration
 * again, or make room for its successor. Only for the server's own user and root, as the kernel tells them.
 */
@NullMarked
package io.memroute.app.control;

import org.jspecify.annotations.NullMarked;
