/**
 * Everything that this process shares with the kernel: system calls, sockets, the rings of one event loop and the
 * buffers that it receives into. Every access to memory that the kernel reads or writes is in here.
 *
 * <p>It must not know the channels and loops above it, or anything else of memroute.
 */
@NullMarked
package io.memroute.transport.kernel;

import org.jspecify.annotations.NullMarked;
