"""Hostile clients: random and mutated lines of every command, in pieces, pipelined, with garbage."""

import select
import socket
import struct
import time

from comparison.processes import HOST

from . import victims
from .crew import Crew, Outcome
from .target import Target, memcached

TITLE = "hostile lines"

WORKERS = 2
ATTACKER_PROCESSES = 2
CONNECTIONS_EACH = 12
VICTIM_PROCESSES = 2
VICTIMS_EACH = 8

# A pause between two turns of the victims, so that attackers get most of the processor.
VICTIM_PAUSE_SECONDS = 0.002

# Every handler, and two in Lua, below the prefix of its name, over servers that both attackers and victims use.
CONFIGURATION = """
pools{{
  one = {{ backends = {{ {{ label = "one", host = "127.0.0.1", port = {one} }} }} }},
  two = {{ backends = {{ {{ label = "two", host = "127.0.0.1", port = {two} }} }} }},
  several = {{ backends = {{ {{ label = "several", host = "127.0.0.1", port = {one}, connections = 3 }} }} }},
  all = {{ backends = {{
    {{ label = "one", host = "127.0.0.1", port = {one} }}, {{ label = "two", host = "127.0.0.1", port = {two} }} }} }},
  set_zones = {{ near = {{ backends = {{ {{ label = "one", host = "127.0.0.1", port = {one} }} }} }},
                 far = {{ backends = {{ {{ label = "two", host = "127.0.0.1", port = {two} }} }} }} }},
}}
register_route_handlers{{ "relayed", "edited" }}
function route_relayed_conf(t) return t end
function route_edited_conf(t) return t end
function route_relayed_start(a, ctx, fgen)
  local child = fgen:new_handle(a.child)
  fgen:ready{{ n = "relayed", f = function(rctx)
    return function(r)
      local res = rctx:enqueue_and_wait(r, child)
      if res:hit() and res:vlen() > 1000000 then return "SERVER_ERROR too large\\r\\n" end
      return res
    end
  end }}
end
function route_edited_start(a, ctx, fgen)
  local first, second = fgen:new_handle(a.children[1]), fgen:new_handle(a.children[2])
  fgen:ready{{ n = "edited", f = function(rctx)
    return function(r)
      rctx:enqueue(r, first)
      pcall(function() r:token(2, "edited/noreply") end)
      pcall(function() r:flag_add("q") end)
      pcall(function() r:token(r:ntokens(), "noreply") end)
      return rctx:enqueue_and_wait(r, second)
    end
  end }}
end
routes{{
  map = {{
    relayed = route_relayed{{ child = "all" }},
    edited = route_edited{{ children = {{ "one", "several" }} }},
    direct = route_direct{{ child = "all" }},
    several = route_direct{{ child = "several" }},
    internal = route_direct{{ child = "internal" }},
    prefix = route_prefix{{ child = "one", strip = "prefix/" }},
    added = route_prefix{{ child = "all", add = "more/" }},
    ttl = cmdmap{{
      set = route_ttl{{ ttl = 300, child = "one" }}, ms = route_ttl{{ ttl = 300, child = "one" }},
      all = route_direct{{ child = "one" }} }},
    warm = route_warm{{ cold = "one", warm = "two" }},
    near = route_nearcache{{ child = "all" }},
    failover = route_failover{{ children = {{ "one", "two" }} }},
    zone = route_zfailover{{ children = "set_zones", local_zone = "near", miss = false }},
    sync = route_allsync{{ children = {{ "one", "two" }} }},
    fastest = cmdmap{{
      get = route_allfastest{{ children = {{ "one", "two" }}, miss = true }},
      all = route_allsync{{ children = {{ "one", "two" }} }} }},
    majority = route_majority{{ children = {{ "one", "two", "several" }} }},
    latest = route_latest{{ children = {{ "one", "two" }} }},
    split = route_split{{ child_a = "one", child_b = "two" }},
    shadow = route_shadow{{ child = "one", shadow = "two", compare = true }},
    weighted = route_weighted{{ children = {{ "one", "two" }}, weights = {{ 1, 2 }} }},
    limited = route_ratelim{{ child = "one", limit = 1000, fillrate = 1000 }},
    async = route_allasync{{ children = {{ "one", "two" }} }},
    random = route_random{{ children = {{ "one", "two" }} }},
    hash = route_hash{{ children = {{ "one", "two" }} }},
    prefixes = route_prefixes{{ children = {{ ["prefixes/a"] = "several" }}, default = "two" }},
    migrate = route_migrate{{ from = "one", to = "two", start = 1700000000, window = 200000000 }},
    reshard = route_reshard{{ from = "one", to = "two" }},
    null = route_null{{}},
  }},
  default = route_direct{{ child = "all" }},
}}
"""

# Where a client that is alone with its keys can know every answer. The rest forgets, or answers by chance.
EXACT = (
    "direct",
    "several",
    "internal",
    "prefix",
    "added",
    "ttl",
    "warm",
    "near",
    "failover",
    "zone",
    "sync",
    "fastest",
    "latest",
    "split",
    "shadow",
    "weighted",
    "hash",
    "prefixes",
    "relayed",
)
PREFIXES = EXACT + ("edited", "majority", "limited", "async", "random", "migrate", "reshard", "null", "none")

# Handlers that answer a miss themselves, or in the words of the embedded store.
REPEATS_FLAGS = ("internal",)

WORDS = [
    b"noreply",
    b"noreplY",
    b"NOREPLY",
    b"q",
    b"qq",
    b"k",
    b"kk",
    b"O1",
    b"O" + b"o" * 40,
    b"b",
    b"v",
    b"0",
    b"1",
    b"-1",
    b"+1",
    b"00",
    b"2147483648",
    b"4294967295",
    b"4294967296",
    b"18446744073709551615",
    b"18446744073709551616",
    b"",
    b" ",
    b"\t",
    b"a\tb",
    b"\x00",
    b"\x7f",
    "äö".encode(),
    b"\xff",
    b"END",
    b"VALUE",
    b"k" * 250,
    b"k" * 251,
    b"x" * 2100,
    b"MN",
    b"T0",
    b"N1",
    b"E1",
    b"C1",
    b"I",
    b"MS",
    b"MA",
    b"Mz",
    b"D1",
    b"J1",
    b"S3",
]

# The bytes behind a line end are the value.
COMMANDS = [
    b"get K",
    b"get K K2 K3",
    b"gets K",
    b"gat 10 K",
    b"gats 10 K K2",
    b"set K 1 0 3\r\nabc",
    b"set K 1 0 3 noreply\r\nabc",
    b"add K 0 10 3\r\nabc",
    b"replace K 0 0 3\r\nabc",
    b"append K 0 0 3\r\nabc",
    b"append K 0 0 3 noreply\r\nabc",
    b"prepend K 0 0 3\r\nabc",
    b"cas K 0 0 3 1\r\nabc",
    b"cas K 0 0 3 1 noreply\r\nabc",
    b"incr K 1",
    b"incr K 1 noreply",
    b"decr K 1",
    b"touch K 10",
    b"touch K 10 noreply",
    b"delete K",
    b"delete K noreply",
    b"delete K 0",
    b"delete K 0 noreply",
    b"mg K",
    b"mg K v k O1 q",
    b"mg K s t f c h l",
    b"mg K N0 v",
    b"ms K 3\r\nabc",
    b"ms K 3 T0 F1 k O1 q\r\nabc",
    b"ms K 3 MA\r\nabc",
    b"ms S2V5 3 b I C1\r\nabc",
    # Their values would be answered, too, if a server took them for commands.
    b"ms K 9 a c d e f g h i j k l m n o p\r\nmg key2 v",
    b"ms K 9 a c d e f g h i j k l m n o p r\r\nmg key2 v",
    b"ms K 9 a c d e f g h i j k l m n o p r s\r\nmg key2 v",
    b"ms K 9 c f I k L N0 O1 P q s t T0 u v x F1\r\nmg key2 v",
    b"md K b C1 E1 F1 h I k l L O1 P q R1 s t T0 u",
    b"md K",
    b"md K q k O1",
    b"md K I T0",
    b"md K x",
    b"ma K",
    b"ma K N0 J5 D1 MI v",
    b"ma K MD q",
    b"me K",
    b"me K b",
    b"mn",
    b"version",
    b"verbosity 1",
    b"stats",
    b"stats items",
    b"stats proxy",
    b"stats x",
    b"flush_all",
    b"flush_all 0 noreply",
    b"slabs x",
    b"lru x",
    b"cache_memlimit 1",
    b"GET / HTTP/1.1",
    b"watch x",
    b"shutdown x",
]


class HostileClient:
    """A connection that sends what it should not, in pieces, and looks for victims' bytes in what it gets."""

    def __init__(self, port, chance):
        self.port = port
        self.chance = chance
        self.socket = None
        self.tail = b""
        self.left = b""
        self.deadline = 0

    def connect(self):
        self.socket = socket.create_connection((HOST, self.port), timeout=5)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.tail = b""
        self.left = b""
        self.deadline = time.monotonic() + self.chance.uniform(0.01, 2)

    def end(self):
        """By a reset now and then."""
        if self.chance.random() < 0.3:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
        self.socket = None

    def key(self):
        prefix = self.chance.choice(PREFIXES).encode()
        name = self.chance.choice((b"a", b"b", b"c", b"7", b"noreply", b"q", b"", b"k" * 240))
        return prefix + b"/" + name if self.chance.random() < 0.9 else name

    def line(self):
        command = self.chance.choice(COMMANDS)
        line, end, value = command.partition(b"\r\n")
        words = [self.key() if word in (b"K", b"K2", b"K3") else word for word in line.split(b" ")]
        for _ in range(self.chance.choice((0, 0, 1, 1, 1, 2, 4))):
            at = self.chance.randrange(len(words) + 1)
            word = self.chance.choice(WORDS)
            way = self.chance.random()
            if way < 0.5 and at < len(words):
                words[at] = word
            elif way < 0.6 and at < len(words):
                words[at] = words[at] + word
            elif way < 0.7 and at < len(words):
                words.insert(at, words[at])
            elif way < 0.75 and at < len(words):
                del words[at]
            else:
                words.insert(at, word)
        line = b" ".join(words)
        if self.chance.random() < 0.03:
            damaged = bytearray(line or b"?")
            damaged[self.chance.randrange(len(damaged))] = self.chance.randrange(256)
            line = bytes(damaged)
        if end:
            if self.chance.random() < 0.05:
                value = value[: self.chance.randrange(4)] + self.chance.choice(
                    (b"\r", b"\n", b"x" * 5, b"\r\nmg K\r\n")
                )
            elif self.chance.random() < 0.05:
                length = self.chance.choice((0, 1, 1000, 20_000, 70_000))
                value = b"y" * length
                line = line.replace(b" 3", b" %d" % length)
        ending = self.chance.choice((b"\r\n",) * 20 + (b"\n", b"\r", b"\r\r\n", b""))
        return line + ending + value + (b"\r\n" if end else b"")

    def send(self):
        if not self.left:
            self.left = b"".join(self.line() for _ in range(self.chance.randint(1, 40)))
        length = len(self.left) if self.chance.random() < 0.7 else self.chance.randint(1, len(self.left))
        sent = self.socket.send(self.left[:length])
        self.left = self.left[sent:]

    def receive(self):
        """Returns tags that it should not have got; None when the proxy has hung up."""
        data = self.socket.recv(1 << 18)
        if not data:
            return None
        found = victims.foreign(self.tail + data, None)
        self.tail = data[-20:]
        return found


def attack(port, seed, number, stopping):
    chance = victims.chance_of(seed, "lines", number)
    clients = [HostileClient(port, chance) for _ in range(CONNECTIONS_EACH)]
    outcome = Outcome()
    while not stopping(outcome.attacks):
        for client in clients:
            if client.socket is None:
                try:
                    client.connect()
                except OSError:
                    time.sleep(0.01)
        there = [client for client in clients if client.socket is not None]
        readable, writable, _ = select.select([c.socket for c in there], [c.socket for c in there], [], 0.1)
        for client in there:
            try:
                if client.socket in readable:
                    found = client.receive()
                    if found:
                        outcome.wrong += 1
                        outcome.faults += 1
                        outcome.told.append(f"an attacker got bytes of victims: {found}")
                    if found is None:
                        client.end()
                        continue
                # Some do not read for a while, and some do not write.
                if client.socket in writable and chance.random() < 0.8:
                    client.send()
                    outcome.attacks += 1
                if time.monotonic() > client.deadline:
                    client.end()
            except OSError:
                client.end()
    for client in clients:
        if client.socket is not None:
            client.end()
    return outcome


def victimise(port, dialect, seed, number, stopping):
    served = []
    for i in range(VICTIMS_EACH):
        handler = EXACT[(number * VICTIMS_EACH + i) % len(EXACT)]
        served.append(
            victims.Worker(
                f"victim of {handler}",
                port,
                victims.tag(seed, number * 100 + i),
                dialect,
                handler.encode() + b"/",
                victims.chance_of(seed, "victim", number, i),
                meta_miss=handler not in REPEATS_FLAGS,
            )
        )
    victims.serve(served, stopping, pause=VICTIM_PAUSE_SECONDS)
    return Outcome.of(served)


def run(options, transport, server, directory, seconds, say):
    """What was wrong, one line each."""
    dialect = victims.Dialect(server.port)
    second = memcached(server.command[0], directory, "memcached-2")
    target = None
    try:
        target = Target(options, transport, CONFIGURATION.format(one=server.port, two=second.port), directory, WORKERS)
        crew = Crew()
        for i in range(ATTACKER_PROCESSES):
            crew.start(f"attackers {i}", attack, target.port, options.seed, i)
        for i in range(VICTIM_PROCESSES):
            crew.start(f"victims {i}", victimise, target.port, dialect, options.seed, i)
        total = crew.join(time.monotonic() + seconds)
        say(
            f"{total.answers} answers to victims, {total.wrong} wrong, {total.errors} errors, {total.lost} lost;"
            f" {total.attacks} hostile packets"
        )
        wrong = (
            [f"{total.wrong} wrong answers to victims, {total.errors} errors, {total.lost} lost"]
            if total.faults
            else []
        )
        return wrong + [f"  {told}" for told in total.told[:12]] + target.wrong_at_rest()
    finally:
        if target is not None:
            target.stop()
        second.stop()
