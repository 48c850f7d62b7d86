/*
 * forwarder: a bare memcached forwarder on io_uring, the limit that a proxy is measured against.
 *
 * It passes bytes between many clients and one server on the loopback interface, in one thread. It knows only where a
 * request or a reply ends: no routes, no checks, no timeouts, and a lost server ends it. Receives go on and on into
 * buffers that the kernel chooses; each connection sends at most once in each pass of the loop; one system call
 * submits, sends and waits.
 *
 * Build: gcc -O2 -o forwarder forwarder.c        (Linux 6.1 or later)
 * Usage: forwarder LISTEN_PORT SERVER_PORT
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/io_uring.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Connections are numbered in turn, so that a reply never reaches another that got the descriptor of its client. */
#define NUMBERS (1 << 20)
#define WAITING (1 << 18)
#define LINE 512

static void die(const char *what) {
    perror(what);
    exit(1);
}

/* ---- where messages end ---- */

typedef struct {
    int of_requests;
    int block_follows; /* another VALUE, or END, belongs to the same reply */
    long value_left;
    char line[LINE]; /* the beginning of a line that came in pieces */
    int line_length;
} framer;

/* The number in a word of a line, counted from 0. */
static long number_at(const char *line, int length, int word) {
    int at = 0;
    for (; word > 0; word--) {
        while (at < length && line[at] != ' ') at++;
        at++;
    }
    long value = 0;
    while (at < length && line[at] >= '0' && line[at] <= '9') value = value * 10 + line[at++] - '0';
    return value;
}

static int begins(const char *line, int length, const char *with) {
    int n = strlen(with);
    return length >= n && !memcmp(line, with, n);
}

static void read_line(framer *f, const char *line, int length) {
    f->block_follows = 0;
    if (f->of_requests) {
        if (begins(line, length, "set ")) f->value_left = number_at(line, length, 4) + 2;
        if (begins(line, length, "ms ")) f->value_left = number_at(line, length, 2) + 2;
    } else if (begins(line, length, "VALUE ")) {
        f->block_follows = 1;
        f->value_left = number_at(line, length, 3) + 2;
    } else if (begins(line, length, "VA ")) {
        f->value_left = number_at(line, length, 1) + 2;
    }
}

static void keep_line(framer *f, const char *from, int length) {
    int fits = length < LINE - f->line_length ? length : LINE - f->line_length;
    memcpy(f->line + f->line_length, from, fits);
    f->line_length += fits;
}

/* The end of the message that begins or goes on at `at`; 0 if it is not there yet. */
static const char *end_of_message(framer *f, const char *at, const char *end) {
    for (;;) {
        if (f->value_left > 0) {
            long part = f->value_left < end - at ? f->value_left : end - at;
            at += part;
            f->value_left -= part;
            if (f->value_left > 0) return 0;
            if (!f->block_follows) return at;
        }
        const char *newline = memchr(at, '\n', end - at);
        if (!newline) {
            keep_line(f, at, end - at);
            return 0;
        }
        if (f->line_length == 0) {
            read_line(f, at, newline - at);
        } else {
            keep_line(f, at, newline - at);
            read_line(f, f->line, f->line_length);
            f->line_length = 0;
        }
        at = newline + 1;
        if (f->value_left == 0) return at;
    }
}

/* ---- the ring ---- */

enum { ACCEPT = 1, RECEIVE, SEND };

static int enter_descriptor, ring_descriptor;
static unsigned enter_flags = IORING_ENTER_GETEVENTS;
static unsigned *sq_tail, sq_mask, sq_size, *cq_head, *cq_tail, cq_mask;
static unsigned tail, submitted, head; /* of what this side has written and read */
static struct io_uring_sqe *sqes;
static struct io_uring_cqe *cqes;

static void enter(unsigned least) {
    __atomic_store_n(sq_tail, tail, __ATOMIC_RELEASE);
    long taken = syscall(__NR_io_uring_enter, enter_descriptor, tail - submitted, least, enter_flags, 0, 0);
    if (taken >= 0) submitted += taken;
    else if (errno != EINTR && errno != EBUSY && errno != EAGAIN) die("io_uring_enter");
}

static struct io_uring_sqe *operation(int code, int descriptor, int kind, int connection) {
    while (tail - submitted == sq_size) enter(0);
    struct io_uring_sqe *entry = &sqes[tail++ & sq_mask];
    memset(entry, 0, sizeof *entry);
    entry->opcode = code;
    entry->fd = descriptor;
    entry->user_data = (uint64_t)kind << 32 | (unsigned)connection;
    return entry;
}

static void make_ring(void) {
    struct io_uring_params p = {.flags = IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP | IORING_SETUP_SUBMIT_ALL |
                                         IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
                                .cq_entries = 16384};
    ring_descriptor = enter_descriptor = syscall(__NR_io_uring_setup, 4096, &p);
    if (ring_descriptor < 0) die("io_uring_setup");
    size_t bytes = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe);
    size_t least = p.sq_off.array + p.sq_entries * sizeof(unsigned);
    if (bytes < least) bytes = least;
    char *ring = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring_descriptor, 0);
    sqes = mmap(0, p.sq_entries * sizeof *sqes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring_descriptor,
                IORING_OFF_SQES);
    if (ring == MAP_FAILED || (void *)sqes == MAP_FAILED) die("mmap");
    sq_tail = (unsigned *)(ring + p.sq_off.tail);
    sq_mask = *(unsigned *)(ring + p.sq_off.ring_mask);
    sq_size = p.sq_entries;
    unsigned *array = (unsigned *)(ring + p.sq_off.array);
    for (unsigned i = 0; i < sq_size; i++) array[i] = i;
    cq_head = (unsigned *)(ring + p.cq_off.head);
    cq_tail = (unsigned *)(ring + p.cq_off.tail);
    cq_mask = *(unsigned *)(ring + p.cq_off.ring_mask);
    cqes = (struct io_uring_cqe *)(ring + p.cq_off.cqes);
    struct io_uring_rsrc_update update = {.offset = -1U, .data = ring_descriptor};
    if (syscall(__NR_io_uring_register, ring_descriptor, IORING_REGISTER_RING_FDS, &update, 1) == 1) {
        enter_descriptor = update.offset;
        enter_flags |= IORING_ENTER_REGISTERED_RING;
    }
}

/* ---- receive buffers ---- */

typedef struct {
    int group, count, size;
    struct io_uring_buf_ring *ring;
    char *memory;
    unsigned short tail;
} buffers;

static buffers of_clients, of_server;

static void give(buffers *b, int number) {
    struct io_uring_buf *entry = &b->ring->bufs[b->tail & (b->count - 1)];
    entry->addr = (uint64_t)(b->memory + (long)number * b->size);
    entry->len = b->size;
    entry->bid = number;
    __atomic_store_n(&b->ring->tail, ++b->tail, __ATOMIC_RELEASE);
}

static void make_buffers(buffers *b, int group, int count, int size) {
    b->group = group;
    b->count = count;
    b->size = size;
    b->ring = mmap(0, sizeof(struct io_uring_buf) * count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    b->memory = malloc((long)count * size);
    struct io_uring_buf_reg registration = {
        .ring_addr = (uint64_t)b->ring, .ring_entries = count, .bgid = group};
    if (syscall(__NR_io_uring_register, ring_descriptor, IORING_REGISTER_PBUF_RING, &registration, 1)) {
        die("register receive buffers");
    }
    for (int i = 0; i < count; i++) give(b, i);
}

/* ---- connections ---- */

typedef struct {
    char *bytes;
    int length, capacity;
} text;

typedef struct {
    int number, descriptor;
    buffers *receives_into;
    framer framer;
    text filling, flying, held; /* to be sent, being sent, a message that is not whole */
    int sent;                   /* of what is flying */
    int is_sending, is_touched;
} connection;

static connection *connections[NUMBERS];
static connection *server;
static int listener;
static int touched[NUMBERS], touched_count, next_number;
static int waiting[WAITING]; /* whose reply is due, oldest first */
static unsigned waiting_head, waiting_tail;

static void append(text *to, const char *from, int length) {
    if (to->length + length > to->capacity) {
        to->capacity = 2 * (to->length + length);
        to->bytes = realloc(to->bytes, to->capacity);
    }
    memcpy(to->bytes + to->length, from, length);
    to->length += length;
}

static void receive(connection *c) {
    struct io_uring_sqe *entry = operation(IORING_OP_RECV, c->descriptor, RECEIVE, c->number);
    entry->flags = IOSQE_BUFFER_SELECT;
    entry->ioprio = IORING_RECV_MULTISHOT;
    entry->buf_group = c->receives_into->group;
}

static void accept_clients(void) {
    operation(IORING_OP_ACCEPT, listener, ACCEPT, 0)->ioprio = IORING_ACCEPT_MULTISHOT;
}

static void send_flying(connection *c) {
    struct io_uring_sqe *entry = operation(IORING_OP_SEND, c->descriptor, SEND, c->number);
    entry->addr = (uint64_t)(c->flying.bytes + c->sent);
    entry->len = c->flying.length - c->sent;
    entry->msg_flags = MSG_NOSIGNAL | MSG_WAITALL;
    c->is_sending = 1;
}

static void send_filled(connection *c) {
    if (c->is_sending || c->filling.length == 0) return;
    text free_again = c->flying;
    c->flying = c->filling;
    c->filling = free_again;
    c->filling.length = 0;
    c->sent = 0;
    send_flying(c);
}

static connection *add(int descriptor, int of_requests, buffers *into) {
    if (next_number == NUMBERS) {
        fprintf(stderr, "more than %d connections\n", NUMBERS);
        exit(1);
    }
    connection *c = calloc(1, sizeof *c);
    c->number = next_number++;
    c->descriptor = descriptor;
    c->framer.of_requests = of_requests;
    c->receives_into = into;
    int one = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    receive(c);
    return connections[c->number] = c;
}

static void lose(connection *c) {
    if (c == server) {
        fprintf(stderr, "the server closed the connection\n");
        exit(1);
    }
    /* Its replies are dropped when they come; its memory is kept, as an operation may still use it. */
    connections[c->number] = 0;
    close(c->descriptor);
}

static void requests_came(connection *c, const char *from, const char *end) {
    const char *whole = from, *next;
    while (whole < end && (next = end_of_message(&c->framer, whole, end))) {
        waiting[waiting_tail++ % WAITING] = c->number;
        whole = next;
    }
    if (whole > from) {
        append(&server->filling, c->held.bytes, c->held.length);
        c->held.length = 0;
        append(&server->filling, from, whole - from);
    }
    append(&c->held, whole, end - whole);
}

static void pass_on(int number, const char *from, const char *end) {
    connection *c = connections[number];
    if (!c) return;
    append(&c->filling, from, end - from);
    if (!c->is_touched) {
        c->is_touched = 1;
        touched[touched_count++] = number;
    }
}

static void replies_came(const char *from, const char *end) {
    const char *at = from;
    int client = waiting[waiting_head % WAITING];
    while (at < end) {
        at = end_of_message(&server->framer, at, end);
        if (!at) {
            at = end;
            break;
        }
        waiting_head++;
        int next = waiting_head == waiting_tail ? -1 : waiting[waiting_head % WAITING];
        if (next != client) {
            pass_on(client, from, at);
            from = at;
            client = next;
        }
    }
    if (at > from) pass_on(client, from, at);
}

static void received(connection *c, int result, unsigned flags) {
    buffers *b = c->receives_into;
    if (result > 0) {
        int number = flags >> IORING_CQE_BUFFER_SHIFT;
        const char *from = b->memory + (long)number * b->size;
        if (c == server) replies_came(from, from + result);
        else requests_came(c, from, from + result);
        give(b, number);
    } else if (result != -ENOBUFS) {
        lose(c);
        return;
    }
    if (!(flags & IORING_CQE_F_MORE)) receive(c);
}

static void was_sent(connection *c, int result) {
    c->is_sending = 0;
    if (result <= 0) return; /* the receive says why */
    c->sent += result;
    if (c->sent < c->flying.length) send_flying(c);
    else send_filled(c);
}

static void accepted(int descriptor, unsigned flags) {
    if (descriptor >= 0) add(descriptor, 1, &of_clients);
    if (!(flags & IORING_CQE_F_MORE)) accept_clients();
}

static void completed(struct io_uring_cqe *entry) {
    int kind = entry->user_data >> 32;
    connection *c = connections[(unsigned)entry->user_data];
    if (kind == ACCEPT) accepted(entry->res, entry->flags);
    else if (c && kind == RECEIVE) received(c, entry->res, entry->flags);
    else if (c && kind == SEND) was_sent(c, entry->res);
}

static struct sockaddr_in loopback(const char *port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(atoi(port)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

int main(int count, char **words) {
    if (count != 3) {
        fprintf(stderr, "usage: forwarder LISTEN_PORT SERVER_PORT\n");
        return 2;
    }
    make_ring();
    make_buffers(&of_clients, 0, 1024, 2048);
    make_buffers(&of_server, 1, 16, 65536);
    struct sockaddr_in address = loopback(words[2]);
    int descriptor = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (connect(descriptor, (void *)&address, sizeof address)) die("connect");
    server = add(descriptor, 0, &of_server);
    address = loopback(words[1]);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (void *)&address, sizeof address) || listen(listener, 1024)) die("listen");
    accept_clients();
    for (;;) {
        enter(__atomic_load_n(cq_tail, __ATOMIC_ACQUIRE) == head);
        unsigned end = __atomic_load_n(cq_tail, __ATOMIC_ACQUIRE);
        while (head != end) completed(&cqes[head++ & cq_mask]);
        __atomic_store_n(cq_head, head, __ATOMIC_RELEASE);
        send_filled(server);
        while (touched_count > 0) {
            connection *c = connections[touched[--touched_count]];
            if (!c) continue;
            c->is_touched = 0;
            send_filled(c);
        }
    }
}
