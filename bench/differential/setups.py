"""What both proxies run: the configurations, and what else a comparison needs to know about each."""

import dataclasses
import re

from . import traffic
from .backends import Backend

# Routes of a list in random order would begin elsewhere in each process.
SAME_CHANCE = """\
local state = 42
math.random = function(from, to)
  state = (state * 1103515245 + 12345) % 2147483648
  if from == nil then return state / 2147483648 end
  if to == nil then from, to = 1, from end
  return from + (state // 65536) % (to - from + 1)
end
"""

ADDRESS = re.compile(r'"(?:127\.[0-9.]+):(\d+)')
TABLE_ADDRESS = re.compile(r'host = "127\.[0-9.]+", port = (\d+)')


@dataclasses.dataclass
class Setup:
    """One configuration.

    configuration: the user's file; addresses of any kind are exchanged for those of played servers
    library: Lua that is run after the route library
    tags: of further listeners, each with the same commands
    prefixes: that keys begin with
    """

    name: str
    configuration: str
    prefixes: tuple
    library: str = ""
    tags: tuple = ()

    def written_for(self, seed):
        """The played servers, and the configuration with their addresses."""
        backends = {}

        def address(port):
            if port not in backends:
                backends[port] = Backend(len(backends), seed, **ROLES.get(port, {}))
            return backends[port].port

        text = ADDRESS.sub(lambda m: f'"127.0.0.1:{address(m[1])}', self.configuration)
        text = TABLE_ADDRESS.sub(lambda m: f'host = "127.0.0.1", port = {address(m[1])}', text)
        return list(backends.values()), text


# Of the upstream library, which has that route without offering it.
ALLASYNC = 'register_route_handlers({ "allasync" })\n'

# Ports that stand for servers that are played in another way.
ROLES = {
    "901": {"delay_seconds": 1},
    "902": {"plays": 100}, "903": {"plays": 100},
    "904": {"dead": True},
}

# What depends on time or on who is first, as far as its outcome does not: servers that answer alike, one that is late,
# one that is not there.
TIMED = """
pools{
  a = { backends = { "127.0.0.1:1" } }, b = { backends = { "127.0.0.1:2" } }, c = { backends = { "127.0.0.1:3" } },
  gone = { backends = { "127.0.0.1:4 _down_" } }, dead = { backends = { "127.0.0.1:904" } },
  late = { backends = { "127.0.0.1:901" } },
  twin = { backends = { "127.0.0.1:902" } }, other = { backends = { "127.0.0.1:903" } },
}
routes{
  map = {
    fast = route_allfastest{ children = { "twin", "other" } },
    slowfo = route_failover{ children = { "late", "a" }, wait = 0.25 },
    slowboth = route_failover{ children = { "late", "late" }, wait = 0.25 },
    gone = route_direct{ child = "gone" },
    gonefo = route_failover{ children = { "gone", "a" } },
    gonesync = route_allsync{ children = { "a", "gone", "b" } },
    gonefast = route_allfastest{ children = { "gone", "c" } },
    dead = route_failover{ children = { "dead", "b" } },
    ratelim = route_ratelim{ child = "a", limit = 20, fillrate = 1, tickrate = 86400000 },
    ratelim2 = route_ratelim{ child = "b", limit = 20, fillrate = 1, tickrate = 86400000, global = true },ALLASYNC
  },
  default = route_direct{ child = "c" },
}
"""

# A late server costs a quarter of a second each time.
QUICK_PREFIXES = ("fast", "gone", "gonefo", "gonesync", "gonefast", "dead", "ratelim", "ratelim2", "x")
TIMED_PREFIXES = ("slowfo", "slowboth", *QUICK_PREFIXES * 10)

# For memroute's own handlers in the place of the upstream library; route_allasync cannot be compared, as memcached's
# does not load.
BUILT_IN = [
    Setup("every handler", traffic.CONFIGURATION, traffic.PREFIXES),
    Setup("time and failures", TIMED.replace("ALLASYNC", ""), TIMED_PREFIXES),
]

# Keys that the examples make a difference of, and others.
EXAMPLE_PREFIXES = ("foo", "bar", "hot", "x")


def of_library(library):
    """Yields what the upstream library at that path is run with: every handler, and the examples beside it.

    The examples are unchanged but for addresses.
    """
    yield from (Setup(setup.name, setup.configuration, setup.prefixes) for setup in BUILT_IN[:1])
    allasync = '\n    async = route_allasync{ children = { "a", "b" } },'
    yield Setup("time and failures", TIMED.replace("ALLASYNC", allasync), (*TIMED_PREFIXES, "async", "async"), ALLASYNC)
    examples = library.parent / "examples"
    for file in sorted(examples.glob("*.lua")):
        if file.stem.endswith("-lib"):
            continue
        beside = examples / f"{file.stem}-lib.lua"
        text = file.read_text()
        yield Setup(file.name, text, EXAMPLE_PREFIXES,
                    library=beside.read_text() if beside.exists() else "",
                    tags=tuple(re.findall(r'^\s*tag = "(\w+)"', text, re.MULTILINE)))
