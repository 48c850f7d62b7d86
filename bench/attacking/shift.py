"""Lines that a server may leave unanswered although the proxy waits for an answer.

From then on every answer would go to the wrong client.
"""

import socket
import time

from comparison.processes import HOST

from . import victims
from .crew import Crew, Outcome
from .target import Target

TITLE = "shifted replies"

# One server connection for everybody.
WORKERS = 1
VICTIM_PROCESSES = 2
VICTIMS_EACH = 6

# An answer that is missing at the end of a shift is missed after that time: longer than a busy machine takes for any.
READ_TIMEOUT_SECONDS = 4

# Time between two attacks: thousands of answers, among which a shift would show.
PAUSE_SECONDS = 0.002

CONFIGURATION = """
pools{{ main = {{ backends = {{ "127.0.0.1:{port}" }} }} }}
routes{{
  map = {{ x = route_prefix{{ strip = "x/", child = "main" }} }},
  default = route_direct{{ child = "main" }},
}}
"""

# What would be run if a server took the value for commands.
VALUE = b"mg key0 v\r\nmg key1 v\r\nmg key2 v"
META_SET = b"ms k %d " % len(VALUE) + b"%s\r\n" + VALUE + b"\r\n"

# The word is the option noreply to one server and a key, a number or nothing to another; a line is long enough for one
# and too long for another.
PACKETS = [
    b"delete noreply\r\n",
    b"delete k noreply noreply\r\n",
    b"delete k 0 noreply noreply\r\n",
    b"delete x/noreply\r\n",
    b"delete any noreply noreply\r\nms z 1\r\nx\r\n",
    b"delete noreply noreply\r\n",
    b"touch noreply 0 noreply\r\nincr noreply 1\r\n",
    b"set noreply 0 0 1 noreply noreply\r\nx\r\nset x/noreply 0 0 1 noreplY\r\nx\r\n",
    b"get noreply\r\ngets x/noreply noreply\r\ngat 0 noreply\r\n",
    b"mg noreply v q q\r\nmg x/noreply noreply q\r\nmd noreply q\r\n",
    META_SET % b"a c d e f g h i j k l m n o p r",
    META_SET % b"a c d e f g h i j k l m n o p r s",
    META_SET % b"a c d e f g h i j k l m n o p q r s",
    META_SET % b"c f I k L N0 O1 P q s t T0 u v x F1 E1" + META_SET % b"MZ" + META_SET % b"F4294967296",
]


def attack(port, packet, seed, stopping):
    chance = victims.chance_of(seed, "shift", packet)
    outcome = Outcome()
    while not stopping(outcome.attacks):
        try:
            with socket.create_connection((HOST, port), timeout=5) as client:
                for _ in range(chance.randint(1, 4)):
                    client.sendall(packet)
                    outcome.attacks += 1
                    client.settimeout(PAUSE_SECONDS)
                    try:
                        received = client.recv(1 << 16)
                    except TimeoutError:
                        received = b""
                    if victims.foreign(received, None):
                        outcome.wrong += 1
                        outcome.faults += 1
                        outcome.told.append(f"the attacker got a victim's bytes: {received[:160]!r}")
                    time.sleep(PAUSE_SECONDS)
        except OSError:
            # The proxy has hung up; what it has done to victims is theirs to tell.
            time.sleep(PAUSE_SECONDS)
    return outcome


def victimise(port, dialect, seed, number, until, stopping):
    served = [
        victims.Reader(f"victim {number}.{i}", port, victims.tag(seed, number * 100 + i), dialect)
        for i in range(VICTIMS_EACH)
    ]
    victims.serve(served, stopping, until)
    return Outcome.of(served)


def run(options, transport, server, directory, seconds, say):
    """What was wrong, one line each."""
    wrong = []
    dialect = victims.Dialect(server.port)
    target = Target(
        options,
        transport,
        CONFIGURATION.format(port=server.port),
        directory,
        WORKERS,
        READ_TIMEOUT_SECONDS,
        leaks=False,
    )
    deadline = time.monotonic() + seconds
    total = Outcome()
    try:
        for i, packet in enumerate(PACKETS):
            crew = Crew()
            names = [f"victims {n}" for n in range(VICTIM_PROCESSES)]
            for n, name in enumerate(names):
                crew.start(
                    name,
                    victimise,
                    target.port,
                    dialect,
                    options.seed + i,
                    n,
                    options.answers // len(PACKETS) // VICTIM_PROCESSES,
                )
            crew.start("attacker", attack, target.port, packet, options.seed)
            # Each packet has its share of the time, or as many answers as are wanted.
            left = deadline - time.monotonic()
            outcome = crew.join(time.monotonic() + (left / (len(PACKETS) - i)), names)
            total.add(outcome)
            if outcome.faults:
                wrong.append(
                    f"{packet!r}, sent {outcome.attacks} times: {outcome.wrong} wrong answers, "
                    f"{outcome.errors} errors and "
                    f"{outcome.lost} lost among {outcome.answers}"
                )
                wrong += [f"  {told}" for told in outcome.told[:3]]
        wrong += target.wrong_at_rest()
    finally:
        target.stop()
    say(f"{total.wrong} wrong answers in {total.answers}, {total.attacks} attacks")
    return wrong
