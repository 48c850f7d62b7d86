/**
 * io_uring for Netty's event loop, through {@code java.lang.foreign}: no native library, no dependency but Netty.
 *
 * <p>{@link io.memroute.transport.UringIoHandler#newFactory()} makes event loops,
 * {@link io.memroute.transport.UringSocketChannel} and its siblings are channels for them, over TCP and UNIX sockets;
 * {@link io.memroute.transport.Uring} says whether the machine has what they need, and why not. Pipelines, options and
 * buffers are Netty's, so that what runs on epoll runs on this. It must not know what its channels carry.
 *
 * <h2>A pass</h2>
 *
 * <p>A loop has one ring and one thread, and each pass makes one call of the kernel
 * ({@link io.memroute.transport.UringIoHandler#run}):
 *
 * <ol>
 *   <li>every channel flushed since the last pass gets one send of all that it has flushed;
 *   <li>the call hands over these sends and whatever else is queued, and waits for a completion or for the next timer
 *       if there is nothing else to do;
 *   <li>what was sent leaves the outbound buffers;
 *   <li>completions go to their channels: bytes received, connections accepted, the end of either.
 * </ol>
 *
 * <p><b>Receiving</b> ({@link io.memroute.transport.ReceiveSide}): one operation per connection goes on and on; the
 * kernel takes a buffer of one of two groups ({@link io.memroute.transport.kernel.BufferGroup}) when bytes have
 * arrived, so that connections that are silent hold none. It is cancelled when nobody wants to read.
 *
 * <p><b>Sending</b> ({@link io.memroute.transport.SendBatch}, {@link io.memroute.transport.SendSide}): a send never
 * waits in the kernel. It takes what the socket has room for within the call; taken whole, it does not even complete.
 * If the socket is full, the kernel is asked to say when it is not. From 16 KB on a flush makes a call of its own, and
 * its memory is free when it returns. The call that sends is the one that waits, so what somebody waits for (a promise,
 * writability) makes a call that does not ({@link io.memroute.transport.PromiseNotingUnsafe}).
 *
 * <p><b>Resets.</b> While a connection receives, the receive fails with the reset. While it does not (paused, or the
 * other end has sent its FIN) an edge-triggered watch for errors is under way instead. A watch cannot be told to
 * overlook a FIN, so a level-triggered one would spin on every half-closed connection.
 *
 * <p><b>Waking</b> ({@link io.memroute.transport.kernel.Wakeup}): other threads write to an event descriptor, once per
 * sleep.
 *
 * <h2>Why it cannot crash</h2>
 *
 * <p>Native code ends a JVM in two ways: an access outside of memory, and an access to memory that has another use by
 * then, from this side or from the kernel's.
 *
 * <ul>
 *   <li><b>Bounds.</b> Every structure of the kernel's is a {@link java.lang.foreign.MemorySegment} with the length
 *       that the kernel gave; five small classes read and write them, at constant offsets ({@code Ring},
 *       {@code SubmissionQueue}, {@code CompletionQueue}, {@code BufferGroup}, {@code Scratch}). A wrong offset is an
 *       exception. Addresses go to the kernel only: of these segments, and of Netty's buffers with their lengths.
 *   <li><b>One owner.</b> After {@code Ring.enable} the kernel refuses calls of any thread but the loop's
 *       ({@code IORING_SETUP_SINGLE_ISSUER}), and works on the ring only during these calls
 *       ({@code IORING_SETUP_DEFER_TASKRUN}). There are no races to lose.
 *   <li><b>Memory the kernel reads</b> belongs to sends, addresses, and lists. None of it is used after the call that
 *       hands it over: sends never linger, and the kernel copies the rest ({@code IORING_FEAT_SUBMIT_STABLE}).
 *   <li><b>Memory the kernel writes</b> is the rings', the eight bytes of the event descriptor, and receive buffers.
 *       Receive buffers belong to the group while the kernel has them, never to a channel, and closing a channel frees
 *       none. All of it is freed when the loop ends and nothing is under way; if after two seconds something still is,
 *       it is given up and reported instead.
 *   <li><b>Closing with operations under way.</b> A channel has at most one operation of each kind, and a set of those
 *       under way. Closing cancels them, tries again where the kernel had one in hand ({@code cancelFailed}), and
 *       closes the descriptor by an operation behind all others of that socket, so that none of them can reach another
 *       connection that got the same number. The channel's slot is free when the set is empty. Each completion names
 *       slot and generation ({@link io.memroute.transport.kernel.Operation}); one that fits no channel is dropped.
 *   <li><b>Full queues.</b> If the queue of submissions is full, what is in it is submitted. If the queue of
 *       completions overflows, the kernel keeps the rest, and what it kept is fetched before any send counts as whole.
 * </ul>
 *
 * <p>What is held is counted: {@link io.memroute.transport.kernel.UringFootprint}.
 *
 * <h2>What it leaves out</h2>
 *
 * <p>File regions, datagrams, and moving a channel to another loop. {@code maxMessagesPerRead} and the sizes of a
 * receive buffer allocator count for nothing, but its first guess says whether a connection usually receives much.
 */
@NullMarked
package io.memroute.transport;

import org.jspecify.annotations.NullMarked;
