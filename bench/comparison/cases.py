"""What is measured: the load of each case, and how memroute must compare."""

from dataclasses import dataclass, field

from .configurations import DIRECT, PROGRAM, ROUTES, THOUSAND


@dataclass(frozen=True)
class Case:
    """One load. In its title, N x M are N connections with M requests outstanding on each.

    load: options of mcload, without the address, the time and the key prefix
    older_backend: whether the backend is the older memcached, which writes once per get
    meta: whether it needs the meta protocol, which nutcracker does not have
    configuration: what the proxies run, one of configurations.py; for ROUTES and PROGRAM the case's name is also the
        prefix by which they route the keys
    targets: the most CPU per request that memroute may use, as a share of another contestant's
    library_target: the same beside memcached's proxy, for memroute with memcached's library as a program of the user
    """

    name: str
    title: str
    load: tuple
    older_backend: bool = False
    meta: bool = False
    configuration: str = DIRECT
    targets: dict = field(default_factory=dict)
    library_target: float | None = None

    @property
    def key_prefix(self):
        return self.name + ("/" if self.configuration in (ROUTES, PROGRAM) else ".")

    @property
    def connections(self):
        return int(self.load[self.load.index("-c") + 1])

    @property
    def settling_seconds(self):
        """The beginning of a run, not measured: connections are accepted, and all first requests come at once."""
        return 0.1 + 0.0002 * self.connections


def _direct(name, title, load, most, forwarder=None, **more):
    targets = {"memcached-proxy": most} | ({"forwarder": forwarder} if forwarder else {})
    return Case(name, title, tuple(load.split()), targets=targets, **more)


def _thousand(name, title, load, most):
    return Case("thousand-" + name, "1,000 servers, " + title, tuple(load.split()), configuration=THOUSAND,
                targets={"memcached-proxy": most})


def _pipelined(name, title, configuration, most=None, library_target=None):
    return Case(name, title, ("-c", "50", "-d", "16"), configuration=configuration,
                targets={"memcached-proxy": most} if most else {}, library_target=library_target)


# What is measured unless other cases are asked for. None is left out because memroute loses it.
CASES = [
    _direct("1x1", "1 x 1 get", "-c 1", 0.9, 1.15),
    _direct("5x1", "5 x 1 get", "-c 5", 1.0, 1.15),
    _direct("20x1", "20 x 1 get", "-c 20", 0.8, 1.15),
    _direct("20x1-mixed", "20 x 1, a set in ten", "-c 20 -s 10", 0.8),
    _direct("20x1-set", "20 x 1 set", "-c 20 -s 100", 0.8),
    _direct("50x1", "50 x 1 get", "-c 50", 0.6, 1.15),
    _direct("50x1-mg", "50 x 1 mg", "-c 50 -M", 0.6, 1.15, meta=True),
    _direct("500x1", "500 x 1 get", "-c 500", 0.5, 1.15),
    _direct("50x16", "50 x 16 get", "-c 50 -d 16", 0.4, 1.25),
    _direct("50x16-mg", "50 x 16 mg", "-c 50 -d 16 -M", 0.4, 1.25, meta=True),
    _direct("50x16-set", "50 x 16 set", "-c 50 -d 16 -s 100", 0.6),
    _direct("50x16-older", "50 x 16 get, older server", "-c 50 -d 16", 0.25,
            older_backend=True),
    _direct("multiget", "50 x 1 gets of 50 keys", "-c 50 -m 50", 0.15, 1.4),
    _direct("10kB", "50 x 1 get, 10 kB", "-c 50 -v 10000 -k 2000", 0.5, 1.1),
    _direct("500kB", "8 x 1 get, 500 kB", "-c 8 -v 500000 -k 100", 0.6),
    _thousand("50x1", "50 x 1 get", "-c 50", 0.6),
    _thousand("50x16", "50 x 16 get", "-c 50 -d 16", 0.5),
    _thousand("multiget", "gets of 50 keys", "-c 50 -m 50", 0.4),
    _thousand("5000x1", "5,000 x 1 get", "-c 5000", 0.6),
    _pipelined("direct", "route_direct", ROUTES, 0.4, library_target=0.5),
    _pipelined("failover", "route_failover, nothing fails", ROUTES, 0.33, library_target=0.55),
    _pipelined("allsync", "route_allsync, 3 pools", ROUTES, 0.22, library_target=0.55),
    _pipelined("split", "route_split", ROUTES, 0.28),
    _pipelined("wait", "Lua: enqueue and wait", PROGRAM, 0.45),
    _pipelined("fallback", "Lua: wait, look, return", PROGRAM, 0.55),
    _pipelined("replicas", "Lua: three replicas, wait for all", PROGRAM, 0.55),
]

# Left out unless asked for: the other routes of the library.
ROUTE_CASES = [
    _pipelined("allfastest", "route_allfastest, 3 pools", ROUTES),
    _pipelined("random", "route_random, 2 pools", ROUTES),
]

GROUPS = {
    "few": [case for case in CASES if case.name.startswith(("1x1", "5x1", "20x1"))],
    "thousand": [case for case in CASES if case.configuration == THOUSAND],
    "routes": [case for case in CASES + ROUTE_CASES if case.configuration == ROUTES],
    "lua": [case for case in CASES if case.configuration == PROGRAM],
}

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
