"""A client that knows what it has stored, and judges every byte that it gets."""

import collections
import random
import socket
import threading
import time

from comparison.processes import HOST

KEYS = 60
LARGE_KEYS = 3
MOST_PIPELINED = 20
LINE_END = b"\r\n"
FAILURE = b"SERVER_ERROR backend failure"

# A client that gets no answer for so long has lost one.
ANSWER_LIMIT_SECONDS = 15

# What was sent on a connection that has been given up has been worked off by then.
SETTLED_SECONDS = 10


class Wrong(Exception):
    """An answer that no right proxy can have given."""


class Gone(Exception):
    """The connection ended in the middle of an answer."""


class Key:
    """What may be stored under a key: None stands for nothing."""

    def __init__(self, name):
        self.first_name = name
        # In memroute's own store: nothing that happens to servers matters.
        self.lasting = name.startswith(b"l/")
        self.renamings = -1
        self.rename()

    def rename(self):
        """Nobody knows when what was sent last arrives: another key takes its place."""
        self.renamings += 1
        self.name = b"%s.%d" % (self.first_name, self.renamings)
        self.possible = [None]
        self.kills = 0

    def stored(self, value, kills):
        self.possible = [value]
        self.kills = kills

    def perhaps(self, value):
        if value not in self.possible:
            self.possible.append(value)

    def allows(self, value, world):
        return value in self.possible or value is None and not self.lasting and self.kills != world.kills


class Client(threading.Thread):
    """Sends batches of commands about keys of its own until told to stop; the first wrong answer ends it."""

    def __init__(self, number, port, world, stopping, seed, rate=None):
        super().__init__(name=f"client {number}", daemon=True)
        self.port = port
        self.world = world
        self.stopping = stopping
        self.chance = random.Random(seed * 1000 + number)
        # Seconds between two batches; none: as fast as the answers come.
        self.pause = 1 / rate if rate else 0
        self.keys = [Key(b"%s/%d-%d" % (prefix, number, i)) for prefix in (b"d", b"r", b"l") for i in range(KEYS)]
        self.large = [key for prefix in range(3) for key in self.keys[prefix * KEYS:prefix * KEYS + LARGE_KEYS]]
        self.version = 0
        self.socket = None
        self.received = b""
        self.answers = 0
        self.failures = 0
        # Names of keys given up, and when whatever was sent for them must have arrived: they are deleted, so that
        # nothing grows.
        self.litter = collections.deque()
        self.wrong = None
        self.asked = b""

    # ---- bytes ----

    def connect(self):
        if self.socket is not None:
            self.socket.close()
        self.received = b""
        self.socket = socket.create_connection((HOST, self.port), timeout=ANSWER_LIMIT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def more(self):
        try:
            data = self.socket.recv(1 << 16)
        except TimeoutError:
            raise Wrong(f"no answer within {ANSWER_LIMIT_SECONDS} s, but {self.received[:200]!r}") from None
        except OSError as e:
            raise Gone(str(e)) from e
        if not data:
            raise Gone("closed")
        self.received += data

    def line(self):
        while True:
            end = self.received.find(LINE_END)
            if end >= 0:
                line = self.received[:end]
                self.received = self.received[end + 2:]
                return line
            self.more()

    def value(self, length):
        while len(self.received) < length + 2:
            self.more()
        value, end = self.received[:length], self.received[length:length + 2]
        self.received = self.received[length + 2:]
        if end != LINE_END:
            raise Wrong(f"a value of {length} bytes is followed by {end!r}")
        return value

    # ---- judging ----

    def failed(self, line, key):
        """Whether a line is the error that is to be expected while a server is down."""
        if line != FAILURE:
            return False
        if key.lasting or not self.world.troubled():
            raise Wrong(f"{key.name!r}: {line!r}, though all servers are up")
        self.failures += 1
        return True

    def judge(self, key, value, asked):
        if not key.allows(value, self.world):
            shown = [known and known[:60] for known in key.possible]
            raise Wrong(f"{asked} {key.name!r}: got {value and value[:100]!r} ({value and len(value)} bytes), "
                        f"stored was one of {shown}")

    def written(self, key, value, line, good, kills):
        if line == good:
            key.stored(value, kills)
        elif self.failed(line, key):
            key.perhaps(value)
        else:
            raise Wrong(f"storing {key.name!r}: got {line!r} instead of {good!r}")

    # ---- commands: what is sent, a function that takes the answer, and the keys ----

    def fresh(self, key):
        self.version += 1
        head = b"%s:%d:" % (key.name, self.version)
        length = self.chance.choice((0, 30, 100, 1000, 5000))
        if key in self.large and self.chance.random() < 0.2:
            length = 200_000
        return head + bytes([97 + self.version % 26]) * length

    def store(self, key, kind, kills):
        value = self.fresh(key)
        key.perhaps(value)
        if kind == "set":
            return (b"set %s 0 0 %d\r\n%s\r\n" % (key.name, len(value), value),
                    lambda: self.written(key, value, self.line(), b"STORED", kills), [key])
        if kind == "ms":
            return (b"ms %s %d k Oq7\r\n%s\r\n" % (key.name, len(value), value),
                    lambda: self.written(key, value, self.line(), b"HD k%s Oq7" % key.name, kills), [key])
        # Silent if all is well: the answer of the mn behind it comes at once then.
        sent = (b"ms %s %d q\r\n%s\r\nmn\r\n" if kind == "quiet" else b"set %s 0 0 %d noreply\r\n%s\r\nmn\r\n")

        troubled = self.world.troubled()

        def take():
            line = self.line()
            if line == b"MN":
                # Asked for no reply, memroute does not tell of failures either.
                if kind == "quiet" or not (troubled or self.world.troubled()):
                    key.stored(value, kills)
            else:
                self.written(key, value, line, b"", kills)
                if self.line() != b"MN":
                    raise Wrong(f"storing {key.name!r}: no MN")
        return sent % (key.name, len(value), value), take, [key]

    def fetch(self, key):
        def take():
            line = self.line()
            # Older servers do not repeat key and opaque.
            if line in (b"EN", b"EN k%s Oab" % key.name):
                self.judge(key, None, "mg")
            elif not self.failed(line, key):
                words = line.split(b" ")
                if len(words) != 4 or words[0] != b"VA" or words[2:] != [b"k" + key.name, b"Oab"]:
                    raise Wrong(f"mg {key.name!r}: got {line!r}")
                self.judge(key, self.value(int(words[1])), "mg")
        return b"mg %s v k Oab\r\n" % key.name, take, [key]

    def fetch_several(self, keys):
        def take():
            left = list(keys)
            while True:
                line = self.line()
                words = line.split(b" ")
                if words[0] == b"VALUE" and len(words) == 4:
                    while left and left[0].name != words[1]:
                        self.judge(left.pop(0), None, "get")
                    if not left:
                        raise Wrong(f"get: got {line!r}, which was not asked for")
                    self.judge(left.pop(0), self.value(int(words[3])), "get")
                elif line == b"END":
                    for key in left:
                        self.judge(key, None, "get")
                    return
                elif line == FAILURE:
                    # Of one of the keys that are left; which one is not known.
                    if not self.world.troubled() or all(key.lasting for key in left):
                        raise Wrong(f"get: {line!r}, though all servers are up")
                    self.failures += 1
                    for key in left:
                        if not key.lasting:
                            key.perhaps(None)
                    if len(keys) == 1:
                        # An error in place of the whole answer.
                        return
                else:
                    raise Wrong(f"get: got {line!r}")
        return b"get " + b" ".join(key.name for key in keys) + LINE_END, take, keys

    def delete(self, key, kills):
        key.perhaps(None)

        def take():
            line = self.line()
            if line in (b"DELETED", b"NOT_FOUND"):
                if line == b"NOT_FOUND" and key.name[:1] != b"r":
                    self.judge(key, None, "delete")
                key.stored(None, kills)
            elif not self.failed(line, key):
                raise Wrong(f"delete {key.name!r}: got {line!r}")
        return b"delete %s\r\n" % key.name, take, [key]

    def clean(self, name):
        def take():
            line = self.line()
            if line not in (b"DELETED", b"NOT_FOUND", FAILURE):
                raise Wrong(f"delete {name!r}: got {line!r}")
        return b"delete %s\r\n" % name, take, []

    def commands(self):
        """A batch about keys of which none is named twice, so that the order of execution does not matter."""
        kills = self.world.kills
        keys = self.chance.sample(self.keys, self.chance.randint(1, MOST_PIPELINED))
        batch = []
        while self.litter and self.litter[0][0] < time.monotonic():
            batch.append(self.clean(self.litter.popleft()[1]))
        while keys:
            kind = self.chance.choice(("set", "ms", "quiet", "noreply", "mg", "mg", "mg", "get", "get", "delete"))
            if kind == "get":
                several, keys = keys[:8], keys[8:]
                batch.append(self.fetch_several(several))
            elif kind == "mg":
                batch.append(self.fetch(keys.pop()))
            elif kind == "delete":
                batch.append(self.delete(keys.pop(), kills))
            else:
                batch.append(self.store(keys.pop(), kind, kills))
        return batch

    # ---- life ----

    def run(self):
        try:
            self.connect()
            while not self.stopping.is_set():
                self.turn()
                if self.pause:
                    self.stopping.wait(self.pause)
        except Wrong as e:
            self.wrong = f"{e} (at {time.strftime('%H:%M:%S')}, asked: {self.asked[:120]!r})"
        except Exception as e:  # pylint: disable=broad-except
            # Whatever it is, the soak has not shown what it was to show.
            self.wrong = f"{type(e).__name__}: {e}"
        finally:
            if self.socket is not None:
                self.socket.close()

    def leave(self, batch):
        now = time.monotonic()
        for _, _, keys in batch:
            for key in keys:
                self.litter.append((now + SETTLED_SECONDS, key.name))
                key.rename()
        self.connect()

    def turn(self):
        batch = self.commands()
        sent = b"".join(command for command, _, _ in batch)
        fate = self.chance.random()
        if fate < 0.002:
            # Goes away in the middle of a request, or without waiting for the answers.
            self.socket.sendall(sent[:self.chance.randint(1, len(sent))])
            self.leave(batch)
            return
        try:
            self.socket.sendall(sent)
            for self.asked, take, _ in batch:
                take()
                self.answers += 1
            if self.received:
                raise Wrong(f"{self.received[:200]!r} behind the last answer")
        except (Gone, ConnectionError) as e:
            if not self.world.troubled():
                raise Wrong(f"the connection ended, though all servers are up: {e}") from e
            self.leave(batch)
        if fate > 0.995:
            time.sleep(0.05)
