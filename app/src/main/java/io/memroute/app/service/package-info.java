/** A server as a service: what a service manager such as systemd passes to it and is told by it. */
@NullMarked
package io.memroute.app.service;

import org.jspecify.annotations.NullMarked;
