/** A server as a service: what a service manager such as systemd passes to it and is told by it. */
package io.memroute.app.service;
