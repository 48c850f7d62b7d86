"""Clients that end at every moment, do not read, or end half; afterwards nothing of them may be left."""

import select
import socket
import struct
import time

from comparison.processes import HOST

from . import victims
from .crew import Crew, Outcome
from .target import Target

TITLE = "resets"

WORKERS = 2
ATTACKER_PROCESSES = 2
VICTIMS = 6

# Of one size, and more than memroute passes on as it is: a reply of this is under way for a while.
LARGE = 300_000

CONFIGURATION = """
pools{{
  main = {{ backends = {{ "127.0.0.1:{port}" }} }},
  others = {{ backends = {{ {{ label = "others", host = "127.0.0.1", port = {port} }} }} }},
}}
routes{{
  map = {{
    sync = route_allsync{{ children = {{ "main", "others" }} }},
    failover = route_failover{{ children = {{ "main", "others" }}, miss = true }},
    warm = route_warm{{ cold = "main", warm = "others" }},
  }},
  default = route_direct{{ child = "main" }},
}}
"""

# Rounds of attack between which the proxy has to come to rest: what grows from one to the next is a leak.
ROUNDS = 4

# By what the heap may grow from the second round to the last: caches that fill, a few requests more.
MOST_GROWTH_BYTES = 4 << 20

STREAMS = [
    b"get large\r\n",
    b"get large large large large\r\n",
    b"mg large v k\r\n" * 5,
    b"get small\r\n" * 50,
    b"get sync/a failover/b warm/c\r\n",
    b"set small 0 0 5\r\nabcde\r\n",
    b"set sync/a 0 0 5 noreply\r\nabcde\r\n",
    b"set warm/c 0 0 40000\r\n" + b"v" * 40_000 + b"\r\n",
    b"set huge 0 0 400000\r\n" + b"v" * 400_000 + b"\r\n",
    b"incr warm/n 1\r\nappend warm/n 0 0 1 noreply\r\n1\r\n",
    b"mg failover/x v\r\nmn\r\n",
    b"stats\r\n",
    b"stats proxy\r\n",
    b"watch\r\n",
    b"nonsense\r\n" * 20,
    b"get " + b"k" * 249 + b" l" * 300 + b"\r\n",
]


class LeavingClient:
    """Sends part of a stream and leaves in some way at some moment."""

    def __init__(self, port, chance):
        self.chance = chance
        self.socket = socket.socket()
        if chance.random() < 0.3:
            # Soon full, if it does not read.
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(5)
        self.socket.connect((HOST, port))
        self.socket.setblocking(False)
        stream = b"".join(chance.choice(STREAMS) for _ in range(chance.choice((1, 1, 2, 5, 20))))
        # In the middle of a line, of a value, or behind the end.
        self.left = stream[: chance.randint(0, len(stream))] if chance.random() < 0.7 else stream
        self.leaves_at = time.monotonic() + chance.choice((0, 0, 0.001, 0.01, 0.1, 0.5))
        self.reads = chance.random() < 0.5

    def turn(self):
        """Returns whether it is still there."""
        try:
            if self.left:
                sent = self.socket.send(self.left[: self.chance.choice((1, 7, 100, 10_000, 1 << 20))])
                self.left = self.left[sent:]
        except BlockingIOError:
            pass
        except OSError:
            self.socket.close()
            return False
        try:
            if (
                self.reads
                and select.select([self.socket], [], [], 0)[0]
                and not self.socket.recv(self.chance.choice((1, 100, 1 << 16)))
            ):
                self.socket.close()
                return False
        except OSError:
            self.socket.close()
            return False
        if time.monotonic() < self.leaves_at:
            return True
        self.leave()
        return False

    def leave(self):
        way = self.chance.choice(("reset", "reset", "close", "half", "half and reset"))
        try:
            if way.startswith("half"):
                self.socket.shutdown(socket.SHUT_WR)
                if way == "half":
                    # Reads what comes, and no more than a moment.
                    self.socket.settimeout(0.01)
                    while self.socket.recv(1 << 16):
                        pass
            if way != "close":
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass
        self.socket.close()


def attack(port, seed, name, stopping):
    chance = victims.chance_of(seed, "resets", name)
    outcome = Outcome()
    there = []
    while not stopping(outcome.attacks):
        while len(there) < 60:
            try:
                there.append(LeavingClient(port, chance))
                outcome.attacks += 1
            except OSError:
                # All places are taken: then nobody is let in at the end, either, and that is told.
                time.sleep(0.05)
                break
        there = [client for client in there if client.turn()]
    for client in there:
        client.leave()
    return outcome


def victimise(target, dialect, seed, number, stopping):
    served = [
        victims.Worker(
            f"victim {i}",
            target.port,
            victims.tag(seed, number * 10 + i),
            dialect,
            b"v",
            victims.chance_of(seed, "victim", number, i),
        )
        for i in range(VICTIMS)
    ]
    for victim in served:
        victim.look_closer = target.look_closer
    victims.serve(served, stopping, pause=0.01)
    return Outcome.of(served)


def run(options, transport, server, directory, seconds, say):
    """What was wrong, one line each."""
    dialect = victims.Dialect(server.port)
    target = Target(options, transport, CONFIGURATION.format(port=server.port), directory, WORKERS)
    try:
        with socket.create_connection((HOST, target.port), timeout=10) as client:
            client.sendall(b"set large 0 0 %d\r\n%s\r\nset small 0 0 1\r\n1\r\n" % (LARGE, b"l" * LARGE))
            client.recv(100)
        wrong, heaps = [], []
        total = Outcome()
        deadline = time.monotonic() + seconds
        for turn in range(ROUNDS):
            crew = Crew()
            for i in range(ATTACKER_PROCESSES):
                crew.start(f"attackers {i}", attack, target.port, options.seed, f"{turn}.{i}")
            crew.start("victims", victimise, target, dialect, options.seed, turn)
            outcome = crew.join(time.monotonic() + (deadline - time.monotonic()) / (ROUNDS - turn))
            total.add(outcome)
            if outcome.faults:
                wrong.append(f"{outcome.wrong} wrong answers to victims, {outcome.errors} errors, {outcome.lost} lost")
                wrong += [f"  {told}" for told in outcome.told[:6]]
            wrong += target.wrong_at_rest()
            if wrong:
                break
            heaps.append(target.process.live_heap_bytes())
        if len(heaps) == ROUNDS and heaps[-1] - heaps[1] > MOST_GROWTH_BYTES:
            wrong.append(f"the live heap grew with each round: {[heap >> 10 for heap in heaps]} KiB")
        say(
            f"{total.answers} answers to victims, {total.late} late, {total.attacks} clients left;"
            f" live heap {[heap >> 10 for heap in heaps]} KiB"
        )
        return wrong
    finally:
        target.stop()
