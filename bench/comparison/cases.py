"""What is measured: the load of each case, and how memroute must compare."""

from dataclasses import dataclass, field

from .configurations import DIRECT, PROGRAM, ROUTES


@dataclass(frozen=True)
class Case:
    """One load.

    load: options of mcload, without the address, the time and the key prefix
    older_backend: whether the backend is the older memcached, which writes once per get
    meta: whether it needs the meta protocol, which nutcracker does not have
    configuration: what the proxies run, one of configurations.py; for any but DIRECT the case's name is also the prefix
        of the keys
    targets: the most CPU per request that memroute may use, as a share of another contestant's
    """

    name: str
    title: str
    load: tuple
    older_backend: bool = False
    meta: bool = False
    configuration: str = DIRECT
    targets: dict = field(default_factory=dict)

    @property
    def key_prefix(self):
        return self.name + ("." if self.configuration == DIRECT else "/")


CASES = [
    Case("50x1", "50 connections, 1 outstanding, get", ("-c", "50", "-d", "1"),
         targets={"memcached-proxy": 0.9}),
    Case("500x1", "500 connections, 1 outstanding, get", ("-c", "500", "-d", "1"),
         targets={"memcached-proxy": 0.75}),
    Case("50x16", "50 connections, 16 outstanding, get", ("-c", "50", "-d", "16"),
         targets={"memcached-proxy": 0.6}),
    Case("50x16-older", "50 connections, 16 outstanding, get, older backend", ("-c", "50", "-d", "16"),
         older_backend=True, targets={"memcached-proxy": 0.35}),
    Case("50x16-mg", "50 connections, 16 outstanding, mg", ("-c", "50", "-d", "16", "-M"),
         meta=True, targets={"memcached-proxy": 0.6}),
    Case("multiget", "50 connections, gets of 50 keys", ("-c", "50", "-m", "50"),
         targets={"memcached-proxy": 0.3}),
    Case("10kB", "50 connections, 10 kB values", ("-c", "50", "-v", "10000", "-k", "2000"),
         targets={"memcached-proxy": 0.75}),
    Case("500kB", "8 connections, 500 kB values", ("-c", "8", "-v", "500000", "-k", "100"),
         targets={"memcached-proxy": 0.85}),
]

PIPELINED = ("-c", "50", "-d", "16")


def _route(name, title):
    return Case(name, title, PIPELINED, configuration=ROUTES)


# Left out unless asked for: routes of the library, and functions in Lua. 50 connections, 16 outstanding gets.
ROUTE_CASES = [
    _route("direct", "route_direct"),
    _route("failover", "route_failover, nothing fails"),
    _route("allsync", "route_allsync, 3 pools"),
    _route("allfastest", "route_allfastest, 3 pools"),
    _route("split", "route_split"),
    _route("random", "route_random, 2 pools"),
    Case("wait", "Lua: enqueue and wait", PIPELINED, configuration=PROGRAM, targets={"memcached-proxy": 1.0}),
    Case("fallback", "Lua: wait, look, return", PIPELINED, configuration=PROGRAM),
    Case("replicas", "Lua: three replicas, wait for all", PIPELINED, configuration=PROGRAM),
]

GROUPS = {"routes": ROUTE_CASES}

# How many connections are open when resident memory is compared.
MEMORY_CASE = "500x1"


def named(names):
    """The cases of these names, or of groups of that name, in the order of the table."""
    every = CASES + ROUTE_CASES
    known = [case.name for case in every] + list(GROUPS)
    for name in names:
        if name not in known:
            raise SystemExit(f"compare: no case named {name!r}; expected some of {', '.join(known)}")
    chosen = set(names) | {case.name for name in names for case in GROUPS.get(name, [])}
    return [case for case in every if case.name in chosen]
