"""Servers that lie: replies damaged, cut short, exchanged, doubled, late, or ended by a reset in their middle.

Victims of honest servers in the same proxy must not notice. Clients of a lying one may get damaged values and errors,
but never a byte of another client's value.
"""

import socket
import struct
import threading
import time

from comparison.processes import HOST

from . import victims
from .crew import Crew, Outcome
from .target import Target

TITLE = "lying servers"

WORKERS = 1
VICTIMS = 6
SUFFERER_PROCESSES = 2
SUFFERERS_EACH = 24

# Lost replies are missed after that time; honest servers need less on any machine.
READ_TIMEOUT_SECONDS = 3

# Each is without a connection for a second after a lie that is found out.
LIARS = 6

# One reply of so many is a lie.
LIE_ONCE_IN = 150

CONFIGURATION = """
pools{{
  honest = {{ backends = {{ "127.0.0.1:{honest}" }} }},
  liar = {{ backends = {{ {liars} }} }},
}}
routes{{
  map = {{
    l = route_direct{{ child = "liar" }},
    f = route_failover{{ children = {{ "liar", "honest" }}, miss = true }},
    s = route_allsync{{ children = {{ "liar", "honest" }} }},
    a = route_allfastest{{ children = {{ "liar", "honest" }}, miss = true }},
    w = route_warm{{ cold = "honest", warm = "liar" }},
    n = route_nearcache{{ child = "liar" }},
  }},
  default = route_direct{{ child = "honest" }},
}}
"""

ROUTES = (b"l", b"l", b"l", b"f", b"s", b"a", b"w", b"n")


class Liar:
    """A played server with a thread for each connection: stores what it is told to, and now and then lies about it."""

    def __init__(self, seed):
        self.seed = seed
        self.items = {}
        self.lies = 0
        self.faults = victims.Faults()
        self.listener = socket.create_server((HOST, 0), backlog=64)
        self.port = self.listener.getsockname()[1]

    def run(self, stopping):
        threading.Thread(target=self._accept, daemon=True).start()
        while not stopping(self.lies):
            time.sleep(0.1)
        return Outcome(attacks=self.lies, faults=self.faults.count, told=self.faults.told)

    def _accept(self):
        number = 0
        while True:
            connection, _ = self.listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            number += 1
            threading.Thread(
                target=self._serve, args=(connection, victims.chance_of(self.seed, "liar", number)), daemon=True
            ).start()

    def _serve(self, connection, chance):
        try:
            with connection, connection.makefile("rb") as requests:
                before = None
                for line in requests:
                    reply = self._answer(line, requests)
                    if chance.randrange(LIE_ONCE_IN) or line.startswith(b"version"):
                        connection.sendall(reply)
                    else:
                        self.lies += 1
                        chance.choice(LIES)(chance, connection, reply, before)
                    before = reply
        except OSError:
            # The proxy has given the connection up, or the lie was to end it.
            pass

    def _answer(self, line, requests):
        words = line.split()
        command = words[0] if words else b""
        if command == b"version":
            return b"VERSION 1.6.45\r\n"
        if command == b"mn":
            return b"MN\r\n"
        if command in (b"get", b"gets"):
            found = [(key, self.items.get(key)) for key in words[1:]]
            cas = b" 7" * (command == b"gets")
            return (
                b"".join(
                    b"VALUE %s 0 %d%s\r\n%s\r\n" % (key, len(value), cas, value)
                    for key, value in found
                    if value is not None
                )
                + b"END\r\n"
            )
        if command in (b"set", b"ms"):
            length = int(words[4] if command == b"set" else words[2])
            value = requests.read(length + 2)[:length]
            self._check(line, value)
            self.items[words[1]] = value
            return b"STORED\r\n" if command == b"set" else self._flags(b"HD", words, 3)
        if command == b"mg":
            value = self.items.get(words[1])
            if value is None:
                return self._flags(b"EN", words, 2)
            head = self._flags(b"VA %d" % len(value), words, 2) if b"v" in words[2:] else self._flags(b"HD", words, 2)
            return head + (value + b"\r\n" if b"v" in words[2:] else b"")
        if command in (b"delete", b"md"):
            there = self.items.pop(words[1], None) is not None
            if command == b"delete":
                return b"DELETED\r\n" if there else b"NOT_FOUND\r\n"
            return self._flags(b"HD" if there else b"NF", words, 2)
        return b"ERROR\r\n"

    def _check(self, line, value):
        """A client stores nothing but its own tag under its own keys."""
        own = victims.TAG.search(line)
        if own is None or victims.foreign(line + value, own.group()):
            self.faults.add(f"a server was sent bytes of several clients, or of none, as one request: {line + value!r}")

    @staticmethod
    def _flags(head, words, first):
        shown = {b"k": b"k" + words[1], b"f": b"f0", b"t": b"t-1"}
        return (
            b" ".join([head] + [shown.get(word, word) for word in words[first:] if word in shown or word[:1] == b"O"])
            + b"\r\n"
        )


# What a liar does in place of sending a reply: "before" is the reply before it, None if there is none.


def damages(chance, connection, reply, _):
    """Bits of a line; those of a value nobody can check."""
    end = reply.find(b"\r\n")
    damaged = bytearray(reply)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(end + 2)
        # Not the length: a value that is said to be longer may end exactly where the reply behind it does.
        if not 48 <= damaged[at] <= 57:
            damaged[at] ^= 1 << chance.randrange(8)
    connection.sendall(bytes(damaged))


def leaves_out(_, _connection, _reply, _before):
    """Says nothing."""


def cuts_short(chance, connection, reply, _):
    """The line: of a value cut short nobody could tell, if a line behind it ends just where the value should."""
    connection.sendall(reply[: chance.randrange(reply.find(b"\r\n"))])


def doubles(_, connection, reply, _before):
    connection.sendall(reply + reply)


def repeats(_, connection, reply, before):
    """The reply before in place of this one."""
    connection.sendall(before or reply)


def exchanges(_, connection, reply, before):
    """This one, and the one before once more: the next is one too late."""
    connection.sendall(reply + (before or b""))


def resets(chance, connection, reply, _):
    connection.sendall(reply[: chance.randrange(len(reply) + 1)])
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # Not close, which would wait for the file made of it.
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionError


def ends(chance, connection, reply, _):
    connection.sendall(reply[: chance.randrange(len(reply) + 1)])
    connection.shutdown(socket.SHUT_WR)


def is_late(chance, connection, reply, _):
    half = chance.randrange(len(reply))
    connection.sendall(reply[:half])
    time.sleep(chance.choice((0.01, 0.1, 1.5)))
    connection.sendall(reply[half:])


def wrong_length(chance, connection, reply, _):
    """So much more or less that no line end is where the value is said to end.

    What is said to be large is passed on while it arrives, whatever it is made of, and the connection closed in its
    middle: not tried here.
    """
    words = reply.split(b" ")
    at = {b"VA": 1, b"VALUE": 3}.get(words[0])
    if at is None or len(words) <= at:
        connection.sendall(b"VA 3\r\nabc\r\n")
        return
    digits, rest = words[at].partition(b"\r\n")[0], words[at].partition(b"\r\n")[1:]
    length = max(0, int(digits) + chance.choice((-2, -1, 1, 2, 3)))
    words[at] = b"%d" % length + b"".join(rest)
    connection.sendall(b" ".join(words))


def speaks_unasked(chance, connection, reply, _):
    connection.sendall(
        reply
        + chance.choice(
            (
                b"STORED\r\n",
                b"END\r\n",
                b"EN\r\n",
                b"MN\r\n",
                b"HD\r\n",
                b"VERSION 1.6.45\r\n",
                b"ERROR\r\n",
                b"SERVER_ERROR out of memory\r\n",
                b"STAT a b\r\n",
                b"\r\n",
                b"\x00",
                b"x" * 10_000,
            )
        )
    )


LIES = [
    damages,
    damages,
    leaves_out,
    cuts_short,
    doubles,
    repeats,
    exchanges,
    resets,
    ends,
    is_late,
    wrong_length,
    wrong_length,
    speaks_unasked,
]


class Sufferer:
    """A client of a lying server: it expects no certain answer, but no byte of another client."""

    def __init__(self, name, port, own_tag, tags, prefix, chance):
        self.name = name
        self.port = port
        self.tag = own_tag
        self.tags = tags
        self.chance = chance
        self.keys = [b"%s/%s.%d" % (prefix, own_tag, i) for i in range(8)]
        self.socket = None
        self.tail = b""
        self.answers = 0
        self.faults = victims.Faults()

    def batch(self):
        """Requests whose values come with the key or the opaque: nobody could tell whose a value without them is."""
        requests = []
        for _ in range(self.chance.randint(1, 20)):
            key = self.chance.choice(self.keys)
            opaque = self.chance.randrange(10**9)
            value = self.tag * self.chance.choice((1, 1, 3, 40))
            requests.append(
                self.chance.choice(
                    (
                        b"get %s\r\n" % key,
                        b"get %s\r\n" % b" ".join(self.keys[:4]),
                        b"mg %s v k O%d\r\n" % (key, opaque),
                        b"mg %s v k\r\n" % key,
                        b"mg %s v O%d q\r\n" % (key, opaque),
                        b"set %s 0 0 %d\r\n%s\r\n" % (key, len(value), value),
                        b"set %s 0 0 %d noreply\r\n%s\r\n" % (key, len(value), value),
                        b"ms %s %d k\r\n%s\r\n" % (key, len(value), value),
                        b"delete %s\r\n" % key,
                        b"md %s q\r\n" % key,
                    )
                )
            )
        return b"".join(requests) + b"mn\r\n"

    def turn(self):
        if self.socket is None:
            self.socket = socket.create_connection((HOST, self.port), timeout=victims.PATIENCE_SECONDS)
            self.tail = b""
        sent = self.batch()
        try:
            self.socket.sendall(sent)
            received = b""
            while not received.endswith(b"MN\r\n"):
                data = self.socket.recv(1 << 18)
                if not data:
                    raise ConnectionError("closed")
                received += data
                strangers = victims.foreign(received[-len(data) - 20 :], self.tag, self.tags)
                if strangers:
                    self.tell(sent, received, strangers.pop())
                    raise ConnectionError("harmed")
            self.answers += 1
        except TimeoutError:
            self.faults.add(
                f"{self.name}: no answer for {victims.PATIENCE_SECONDS} s to {sent[:200]!r},"
                f" but {received[-200:]!r}"
            )
            self.end()
        except OSError:
            # A value that broke off: the end of the connection is the only way to tell.
            self.end()

    def tell(self, sent, received, stranger):
        """Tells what stood around another client's bytes, and which requests may have been answered with them."""
        at = received.rindex(stranger)
        self.faults.add(
            f"{self.name}, whose tag is {self.tag.decode()}: got another client's bytes:"
            f" {received[max(0, at - 200) : at + 100]!r} in answer to {sent[:2000]!r}"
        )

    def end(self):
        self.socket.close()
        self.socket = None


def sufferer_tag(seed, process, number):
    return victims.tag(seed, 1000 + process * 100 + number)


def tags(seed):
    """The tags of all clients. Others are damaged ones, and nobody's."""
    return {victims.tag(seed, i) for i in range(VICTIMS)} | {
        sufferer_tag(seed, process, i) for process in range(SUFFERER_PROCESSES) for i in range(SUFFERERS_EACH)
    }


def suffer(port, seed, number, stopping):
    sufferers = [
        Sufferer(
            f"client {number}.{i} of route {ROUTES[i % len(ROUTES)].decode()}",
            port,
            sufferer_tag(seed, number, i),
            tags(seed),
            ROUTES[i % len(ROUTES)],
            victims.chance_of(seed, "sufferer", number, i),
        )
        for i in range(SUFFERERS_EACH)
    ]

    def live(sufferer):
        while not stopping():
            sufferer.turn()

    # Each in a thread: one that waits for a late reply must not keep the others from asking.
    threads = [threading.Thread(target=live, args=(sufferer,)) for sufferer in sufferers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome = Outcome()
    for sufferer in sufferers:
        outcome.add(Outcome(wrong=sufferer.faults.count, faults=sufferer.faults.count, told=sufferer.faults.told))
        if sufferer.socket is not None:
            sufferer.end()
    return outcome


def victimise(port, dialect, seed, stopping):
    served = [
        victims.Worker(
            f"victim {i} of an honest server",
            port,
            victims.tag(seed, i),
            dialect,
            b"h",
            victims.chance_of(seed, "victim", i),
        )
        for i in range(VICTIMS)
    ]
    victims.serve(served, stopping, pause=0.005)
    return Outcome.of(served)


def run(options, transport, server, directory, seconds, say):
    """What was wrong, one line each."""
    dialect = victims.Dialect(server.port)
    crew = Crew()
    liars = [Liar(options.seed + i) for i in range(LIARS)]
    for i, liar in enumerate(liars):
        crew.start(f"liar {i}", liar.run)
        liar.listener.close()
    described = ", ".join(
        f'{{ host = "127.0.0.1", port = {liar.port}, readtimeout = 1, connections = 2 }}' for liar in liars
    )
    target = None
    try:
        target = Target(
            options,
            transport,
            CONFIGURATION.format(honest=server.port, liars=described),
            directory,
            WORKERS,
            READ_TIMEOUT_SECONDS,
            "backend_retry_waittime = 1, backend_flap_time = 0",
        )
        crew.start("victims", victimise, target.port, dialect, options.seed)
        for i in range(SUFFERER_PROCESSES):
            crew.start(f"clients of the liar {i}", suffer, target.port, options.seed, i)
        total = crew.join(time.monotonic() + seconds)
        say(
            f"{total.answers} answers to victims, {total.wrong} wrong, {total.errors} errors, {total.lost} lost;"
            f" {total.attacks} lies"
        )
        wrong = [f"{total.wrong} wrong answers, {total.errors} errors, {total.lost} lost"] if total.faults else []
        return wrong + [f"  {told}" for told in total.told[:12]] + target.wrong_at_rest(servers_fail=True)
    finally:
        crew.stop()
        if target is not None:
            target.stop()
