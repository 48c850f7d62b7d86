"""The configuration both proxies run, and the commands they get: random, but the same for the same seed."""

import random

PREFIXES = ("direct", "sync", "syncset", "fast", "fo", "fom", "fotwo", "zf", "zfe", "split", "ttl", "ttlall", "nul",
            "nest", "nest2", "one", "unmapped")

# Without merging, since memroute asks for several keys in one command and memcached's proxy does not. That proxy
# ignores the setting.
CONFIGURATION = """
settings{ merge_gets = false }
pools{
  a = { backends = { "127.0.0.1:1" } }, b = { backends = { "127.0.0.1:2" } }, c = { backends = { "127.0.0.1:3" } },
  d = { backends = { "127.0.0.1:4" } },
  all = { backends = { "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:4" } },
  set_list = { { backends = { "127.0.0.1:1" } }, { backends = { "127.0.0.1:2" } }, { backends = { "127.0.0.1:3" } } },
  set_zones = { near = { backends = { "127.0.0.1:1" } }, far = { backends = { "127.0.0.1:2" } } },
}
routes{
  map = {
    direct = route_direct{ child = "all" },
    sync = route_allsync{ children = { "a", "b", "c" } },
    syncset = route_allsync{ children = "set_list" },
    fast = route_allfastest{ children = { "a" } },
    fo = route_failover{ children = { "a", "b", "c" } },
    fom = route_failover{ children = { "a", "b", "c" }, miss = true },
    fotwo = route_failover{ children = { "a", "b", "c" }, miss = true, failover_count = 2, stats = true },
    zf = route_zfailover{ children = "set_zones", local_zone = "near" },
    zfe = route_zfailover{ children = "set_zones", local_zone = "near", miss = false },
    split = route_split{ child_a = "a", child_b = route_direct{ child = "b" } },
    ttl = cmdmap{
      set = route_ttl{ ttl = 45, child = "a" }, ms = route_ttl{ ttl = 45, child = "b" },
      add = route_ttl{ ttl = -1, child = "a" }, cas = route_ttl{ ttl = 0, child = "c" },
      all = route_direct{ child = "d" },
    },
    ttlall = route_ttl{ ttl = 7, child = "a" },
    nul = route_null{},
    nest = route_failover{
      children = { route_allsync{ children = { "a", "b" } }, route_split{ child_a = "c", child_b = "d" } },
      miss = true,
    },
    nest2 = route_allsync{
      children = {
        route_failover{ children = { "a", "b" } },
        route_failover{ children = { "c", "d" }, miss = true },
      },
    },
    one = route_random{ children = { "d" } },
  },
  default = route_direct{ child = "all" },
}
"""

VALUE_LENGTHS = (0, 1, 7, 300, 5_000, 5_000, 70_000)


# Keys from here on are those of gets that memroute may send to a server together, whose error would be that of all:
# they have none.
TOGETHER_FROM = 200


def bursts(prefixes, seed, count):
    """Commands that are sent together, mostly one: lists of pairs of the keys' prefixes and the bytes."""
    chance = random.Random(seed)
    left = count
    while left > 0:
        length = min(left, chance.choice((1, 1, 1, 2, 5, 20)))
        left -= length
        yield list(commands(prefixes, chance, length))


def commands(prefixes_to_choose, chance, count):
    """Pairs of the keys' prefixes and the bytes of a command."""
    for _ in range(count):
        prefixes = [chance.choice(prefixes_to_choose)]
        command = chance.choice(("get", "get", "gets", "gat", "gats", "several", "set", "add", "replace", "append",
                                 "prepend", "cas", "incr", "decr", "touch", "delete", "mg", "mg", "ms", "md", "ma"))
        if command == "several":
            prefixes += [chance.choice(prefixes_to_choose) for _ in range(chance.randrange(1, 6))]
        together = command == "several" or count > 1 and command in ("get", "gets", "gat", "gats")
        first = TOGETHER_FROM if together else 0
        keys = [b"%s/%d" % (prefix.encode(), first + chance.randrange(200)) for prefix in prefixes]
        yield prefixes, _bytes(chance, command, keys)


def _bytes(chance, command, keys):
    key = keys[0]
    noreply = chance.choice((b"", b"", b" noreply"))
    quiet = chance.choice((b"", b"", b" q"))
    opaque = chance.choice((b"", b" O%d" % chance.randrange(99)))
    flags = quiet + opaque + chance.choice((b"", b" k"))
    value = b"x" * chance.choice(VALUE_LENGTHS)
    word = command.encode()
    if command == "several":
        return b"get " + b" ".join(keys) + b"\r\n"
    if command in ("get", "gets"):
        return b"%s %s\r\n" % (word, key)
    if command in ("gat", "gats"):
        return b"%s 30 %s\r\n" % (word, key)
    if command == "cas":
        return b"cas %s 5 99 %d 77%s\r\n%s\r\n" % (key, len(value), noreply, value)
    if command in ("set", "add", "replace", "append", "prepend"):
        return b"%s %s 5 99 %d%s\r\n%s\r\n" % (word, key, len(value), noreply, value)
    if command in ("incr", "decr", "touch"):
        return b"%s %s 60%s\r\n" % (word, key, noreply)
    if command == "delete":
        return b"delete %s%s\r\n" % (key, noreply)
    if command == "mg":
        return b"mg %s v f%s\r\n" % (key, flags)
    if command == "ms":
        ttl = chance.choice((b"", b" T900", b" F1 T9"))
        return b"ms %s %d%s%s\r\n%s\r\n" % (key, len(value), ttl, flags, value)
    return b"%s %s%s\r\n" % (word, key, flags)


def expected(prefixes, theirs, ours):
    """Whether a difference is one that docs/compatibility.md lists."""
    if b"SERVER_ERROR lua failure\r\n" in theirs and any(prefix.startswith("ratelim") for prefix in prefixes):
        return True  # route_ratelim refuses with an error of its own
    if b"SERVER_ERROR bad response\r\n" in theirs and any(prefix.startswith("slow") for prefix in prefixes):
        return True  # nothing came in time
    if "nul" in prefixes and ours.startswith(theirs.rstrip(b"\r\n") + b" "):
        return True  # route_null repeats meta flags
    # route_zfailover has a reply where memcached's has lost it.
    return ("zf" in prefixes or "zfe" in prefixes) and b"SERVER_ERROR bad response\r\n" in theirs


def expected_of_library(command, ours):
    """The same when both run the same Lua."""
    # memcached's proxy forgets noreply when a request is edited after it was sent.
    return b" noreply" in command and ours == b""


def expected_request(request):
    """Whether a request that only memroute's servers got is one that docs/compatibility.md lists."""
    # route_ratelim of memcached's proxy admits one less.
    return b" ratelim" in request
