"""Well-behaved clients whose every answer is judged byte for byte, while others attack the proxy they use.

A victim's keys and values carry its tag, which nobody else's bytes contain, so that an answer meant for another client
is known as such. It is the only one that uses its keys: what each of its answers has to be is known before it asks.
"""

import hashlib
import random
import re
import socket
import time

from comparison.processes import HOST

LINE_END = b"\r\n"

# A victim that gets no answer for so long looks closer; the read timeout of the attacked proxy is shorter.
ANSWER_LIMIT_SECONDS = 20

# Then the answer is lost if it does not come within that time. One that does was late: the machine was busy.
PATIENCE_SECONDS = 100

# Faults that are told in full; the rest is counted.
FAULTS_TOLD = 3

# What a tag looks like. A server that lies may damage one into another that no client has.
TAG = re.compile(rb"<[0-9a-f]{16}>")

KEYS = 12
MOST_IN_BATCH = 30


def tag(seed, number):
    return b"<%s>" % hashlib.md5(b"%d.%d" % (seed, number)).hexdigest()[:16].encode()


class Faults:
    """What was wrong, told so that it can be understood: the first few in full."""

    def __init__(self):
        self.count = 0
        self.told = []

    def add(self, text, count=1):
        self.count += count
        if len(self.told) < FAULTS_TOLD:
            self.told.append(text)


def foreign(received, own, clients=None):
    """The tags of other clients in what a client got: of any, or of those named."""
    return {found for found in TAG.findall(received) if found != own and (clients is None or found in clients)}


class Victim:
    """One connection: a batch of requests goes out as one packet, and its answers must be exactly those due."""

    def __init__(self, name, port, own_tag):
        self.name = name
        self.port = port
        self.tag = own_tag
        self.answers = 0
        self.wrong = 0
        self.errors = 0
        self.lost = 0
        self.late = 0
        self.faults = Faults()
        self.socket = None
        self.sent = []
        # Keeps what the proxy is doing while an answer does not come.
        self.look_closer = lambda name: None

    def connect(self):
        self.close()
        self.socket = socket.create_connection((HOST, self.port), timeout=ANSWER_LIMIT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def batch(self):
        """Pairs of a request and the answer that is due."""
        raise NotImplementedError

    def failed(self):
        """The answers to the last batch were not all right: what is stored is not known any more."""

    def send(self):
        if self.socket is None:
            self.connect()
        self.sent = self.batch()
        self.socket.sendall(b"".join(request for request, _ in self.sent))

    def judge(self):
        """Reads the answers to the last batch. Returns whether all were right."""
        due = b"".join(answer for _, answer in self.sent)
        received = bytearray()
        ended = None
        try:
            while len(received) < len(due):
                data = self.receive(due.startswith(received))
                if not data:
                    ended = "the connection was closed"
                    break
                received += data
                if due[: len(received)] != received:
                    # What else is on its way shows how many answers went wrong.
                    self.socket.settimeout(0.05)
        except TimeoutError:
            ended = f"nothing came for {ANSWER_LIMIT_SECONDS + PATIENCE_SECONDS} s"
        except OSError as e:
            ended = str(e)
        if received == due:
            self.answers += len(self.sent)
            return True
        self.tell(bytes(received), ended)
        self.failed()
        self.close()
        return False

    def receive(self, patient):
        """The next bytes. Waits longer than usual for them if patient, and has that looked at."""
        try:
            return self.socket.recv(1 << 20)
        except TimeoutError:
            if not patient:
                raise
        self.late += 1
        self.look_closer(self.name)
        self.socket.settimeout(PATIENCE_SECONDS)
        data = self.socket.recv(1 << 20)
        self.socket.settimeout(ANSWER_LIMIT_SECONDS)
        return data

    def tell(self, received, ended):
        """Finds the first answer that is not right, and what it is instead."""
        at = 0
        right = 0
        request = due = b""
        for request, due in self.sent:
            if received[at : at + len(due)] != due:
                break
            at += len(due)
            right += 1
        self.answers += right
        got = received[at : at + max(len(due), 120)]
        strangers = foreign(received[at:], self.tag)
        if strangers:
            # Every answer from there on is somebody else's.
            count = max(1, min(len(self.sent) - right, len(TAG.findall(received[at:]))))
            self.wrong += count
            self.faults.add(
                f"{self.name}: {request[:80]!r} was answered with another client's bytes: {got[:160]!r}", count
            )
        elif got.startswith(b"SERVER_ERROR") and due != got[: len(due)]:
            self.errors += 1
            self.faults.add(
                f"{self.name}: {request[:80]!r} was answered with {got[:got.find(LINE_END)]!r}, though no server failed"
            )
        elif ended and due.startswith(got):
            self.lost += 1
            self.faults.add(f"{self.name}: {request[:80]!r} got {got[:60]!r}, then {ended}")
        else:
            self.wrong += 1
            self.faults.add(f"{self.name}: {request[:80]!r} was answered with {got[:160]!r} instead of {due[:160]!r}")


class Reader(Victim):
    """Stores a few values, then asks for them again and again with the same bytes: millions of answers a minute."""

    REQUESTS = 250

    def __init__(self, name, port, own_tag, dialect, prefix=b"", spelling="mg"):
        super().__init__(name, port, own_tag)
        keys = [b"%s%s.%d" % (prefix, own_tag, i) for i in range(KEYS)]
        values = [b"%s:%d:" % (own_tag, i) + own_tag * (i % 4) for i in range(KEYS)]
        self.stores = [
            (b"set %s 0 0 %d\r\n%s\r\n" % (key, len(value), value), b"STORED\r\n") for key, value in zip(keys, values)
        ]
        self.reads = []
        for i in range(self.REQUESTS):
            key, value = keys[i % KEYS], values[i % KEYS]
            if spelling == "get":
                self.reads.append((b"get %s\r\n" % key, b"VALUE %s 0 %d\r\n%s\r\nEND\r\n" % (key, len(value), value)))
            else:
                self.reads.append(
                    (b"mg %s v k O%d\r\n" % (key, i), b"VA %d k%s O%d\r\n%s\r\n" % (len(value), key, i, value))
                )
        self.stored = False

    def batch(self):
        if not self.stored:
            self.stored = True
            return self.stores
        return self.reads

    def failed(self):
        self.stored = False


class Dialect:
    """What differs between versions of memcached, asked of one."""

    def __init__(self, port):
        with socket.create_connection((HOST, port), timeout=5) as client:
            client.sendall(
                b"mg no-such-key v k Oab\r\nmd no-such-key k Oab\r\nms no-such-key 1 MR k Oab\r\nx\r\nmn\r\n"
            )
            received = b""
            while not received.endswith(b"MN\r\n"):
                received += client.recv(4096)
        miss, not_found, not_stored = received.split(LINE_END)[:3]
        self.miss_repeats_flags = miss != b"EN"
        self.not_found_repeats_flags = not_found != b"NF"
        self.not_stored_repeats_flags = not_stored != b"NS"

    def miss(self, key, opaque):
        return b"EN k%s O%s\r\n" % (key, opaque) if self.miss_repeats_flags else b"EN\r\n"

    def not_found(self, key, opaque):
        return b"NF k%s O%s\r\n" % (key, opaque) if self.not_found_repeats_flags else b"NF\r\n"


class Worker(Victim):
    """Uses every command that changes its keys, and knows what must come of it."""

    def __init__(self, name, port, own_tag, dialect, prefix, chance, meta_miss=True):
        super().__init__(name, port, own_tag)
        self.dialect = dialect
        self.prefix = prefix
        self.chance = chance
        self.meta_miss = meta_miss
        self.generation = 0
        self.version = 0
        self.keys = []
        self.items = {}
        self.failed()

    def failed(self):
        """Nobody knows when what was sent last arrives: other keys take the place of all."""
        self.generation += 1
        self.keys = [b"%s%s%d.%d" % (self.prefix, self.tag, self.generation, i) for i in range(KEYS)]
        self.items = {}

    def batch(self):
        return [self.request() for _ in range(self.chance.randint(1, MOST_IN_BATCH))] + [(b"mn\r\n", b"MN\r\n")]

    def fresh(self):
        self.version += 1
        return b"%s:%d:" % (self.tag, self.version) + self.tag * self.chance.choice((0, 1, 5, 60))

    def request(self):
        key = self.chance.choice(self.keys)
        return self.chance.choice(self.KINDS)(self, key)

    def found(self, key):
        item = self.items.get(key)
        return b"" if item is None else b"VALUE %s 0 %d\r\n%s\r\n" % (key, len(item), item)

    def get(self, key):
        return b"get %s\r\n" % key, self.found(key) + b"END\r\n"

    def get_several(self, key):
        keys = self.chance.sample(self.keys, self.chance.randint(2, 6))
        return b"get %s\r\n" % b" ".join(keys), b"".join(map(self.found, keys)) + b"END\r\n"

    def meta_get(self, key):
        opaque = b"%d" % self.chance.randrange(1 << 20)
        item = self.items.get(key)
        quiet = b" q" * self.chance.randrange(2)
        if item is not None:
            return b"mg %s v k O%s%s\r\n" % (key, opaque, quiet), b"VA %d k%s O%s\r\n%s\r\n" % (
                len(item),
                key,
                opaque,
                item,
            )
        if quiet or not self.meta_miss:
            return b"mg %s v k O%s q\r\n" % (key, opaque), b""
        return b"mg %s v k O%s\r\n" % (key, opaque), self.dialect.miss(key, opaque)

    def store(self, key):
        value = self.items[key] = self.fresh()
        silent = self.chance.random() < 0.5
        option, answer = (b" noreply", b"") if silent else (b"", b"STORED\r\n")
        return b"set %s 0 0 %d%s\r\n%s\r\n" % (key, len(value), option, value), answer

    def meta_store(self, key):
        value = self.items[key] = self.fresh()
        opaque = b"%d" % self.chance.randrange(1 << 20)
        if self.chance.random() < 0.5:
            return b"ms %s %d q\r\n%s\r\n" % (key, len(value), value), b""
        return b"ms %s %d k O%s\r\n%s\r\n" % (key, len(value), opaque, value), b"HD k%s O%s\r\n" % (key, opaque)

    def add(self, key):
        value = self.fresh()
        answer = b"NOT_STORED\r\n" if key in self.items else b"STORED\r\n"
        self.items.setdefault(key, value)
        return b"add %s 0 0 %d\r\n%s\r\n" % (key, len(value), value), answer

    def append(self, key):
        item = self.items.get(key)
        if item is None or len(item) > 4000:
            return self.store(key)
        self.items[key] = item + b"+"
        silent = self.chance.random() < 0.5
        return b"append %s 0 0 1%s\r\n+\r\n" % (key, b" noreply" * silent), b"" if silent else b"STORED\r\n"

    def delete(self, key):
        answer = b"NOT_FOUND\r\n" if self.items.pop(key, None) is None else b"DELETED\r\n"
        silent = self.chance.random() < 0.3
        return b"delete %s%s\r\n" % (key, b" noreply" * silent), b"" if silent else answer

    def meta_delete(self, key):
        if self.items.pop(key, None) is None:
            return b"md %s\r\n" % key, b"NF\r\n"
        return b"md %s k\r\n" % key, b"HD k%s\r\n" % key

    def touch(self, key):
        return b"touch %s 0\r\n" % key, b"TOUCHED\r\n" if key in self.items else b"NOT_FOUND\r\n"

    def count(self, key):
        """A number stored and counted at once: what it was before does not matter."""
        first, delta = self.chance.randrange(10**9), self.chance.randrange(10**6)
        self.items[key] = b"%d" % (first + delta)
        return (
            b"set %s 0 0 %d\r\n%d\r\nincr %s %d noreply\r\nincr %s 0\r\n"
            % (key, len(b"%d" % first), first, key, delta, key),
            b"STORED\r\n%d\r\n" % (first + delta),
        )

    KINDS = (
        get,
        get,
        get_several,
        meta_get,
        meta_get,
        meta_get,
        store,
        store,
        meta_store,
        add,
        append,
        append,
        delete,
        meta_delete,
        touch,
        count,
    )


def serve(victims, stopping, until=None, pause=0):
    """Lets victims ask, in turns, all of them at a time, until told to stop or until they have that many answers."""
    while not stopping(any(v.answers + v.wrong for v in victims)) and (
        until is None or sum(v.answers + v.wrong for v in victims) < until
    ):
        asked = []
        for victim in victims:
            try:
                victim.send()
                asked.append(victim)
            except OSError as e:
                victim.lost += 1
                victim.faults.add(f"{victim.name}: no connection: {e}")
                victim.failed()
                victim.close()
                time.sleep(0.05)
        for victim in asked:
            victim.judge()
        if pause:
            time.sleep(pause)
    for victim in victims:
        victim.close()


def chance_of(seed, *names):
    return random.Random(f"{seed}/{'/'.join(map(str, names))}")
