"""Who is compared: how each one is started in front of a backend, with one worker and one pool."""

import os
import pathlib
import shutil
import subprocess

from .processes import HOST, Server, free_port

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]

# By the name of --route. The pools of one route are the same server, each with connections of its own.
ROUTES = {
    "direct": """\
pools{{ main = {{ backends = {{ "127.0.0.1:{port}" }} }} }}
routes{{ default = route_direct{{ child = "main" }} }}
""",
    "failover": """\
pools{{ a = {{ backends = {{ "127.0.0.1:{port} a" }} }}, b = {{ backends = {{ "127.0.0.1:{port} b" }} }} }}
routes{{ default = route_failover{{ children = {{ "a", "b" }} }} }}
""",
    "allsync": """\
pools{{
  a = {{ backends = {{ "127.0.0.1:{port} a" }} }}, b = {{ backends = {{ "127.0.0.1:{port} b" }} }}, c = {{ backends = {{ "127.0.0.1:{port} c" }} }},
}}
routes{{ default = route_allsync{{ children = {{ "a", "b", "c" }} }} }}
""",
}

# What route_direct does, as a program of the user.
LUA_DIRECT = """\
function mcp_config_pools()
  return {{ main = mcp.pool{{ mcp.backend("main", "127.0.0.1", {port}) }} }}
end
function mcp_config_routes(pools)
  local f = mcp.funcgen_new()
  local main = f:new_handle(pools.main)
  f:ready{{ n = "direct", f = function(rctx)
    return function(r) return rctx:enqueue_and_wait(r, main) end
  end }}
  mcp.attach(mcp.CMD_ANY_STORAGE, f)
end
"""

NUTCRACKER = """\
main:
  listen: 127.0.0.1:{listen}
  hash: fnv1a_64
  distribution: ketama
  timeout: 5000
  backlog: 1024
  preconnect: true
  auto_eject_hosts: false
  server_connections: 1
  servers:
   - 127.0.0.1:{port}:1
"""


class Missing(Exception):
    """A contestant cannot take part; the text says what is missing and which option brings it."""


def program(path, name, option):
    """The given path, or the program of that name on the PATH."""
    found = shutil.which(path or name) or shutil.which(path or name, path="/usr/sbin:/usr/bin:/usr/local/bin")
    if not found:
        raise Missing(f"{path or name} is not there; name it with {option} PATH")
    return found


def as_user():
    """memcached refuses to run as root without being told."""
    return ["-u", "root"] if os.geteuid() == 0 else []


def first_line(command):
    """What a program says to -V. memroute's start script may have to build first."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900, check=False)
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    return lines[0].removeprefix("This is ") if lines else "unknown version"


def route_library(library, route, backend_port, directory):
    """What -o says for a library and one of ROUTES."""
    file = directory / f"{route}-{backend_port}.lua"
    file.write_text(ROUTES[route].format(port=backend_port))
    return f"proxy_config={library},proxy_arg={file}"


def lua_direct(backend_port, directory):
    """What -o says for LUA_DIRECT."""
    file = directory / f"lua-{backend_port}.lua"
    file.write_text(LUA_DIRECT.format(port=backend_port))
    return f"proxy_config={file}"


def backend(path, log_path):
    port = free_port()
    command = [path, "-l", HOST, "-p", port, "-U", "0", "-t", "1", "-m", "1024", "-c", "4096", *as_user()]
    return Server("backend", command, port, log_path)


class MemcachedProxy:
    """memcached's own proxy, with its route library and one worker thread."""

    name = "memcached-proxy"
    title = "memcached's proxy"
    meta = True

    def __init__(self, options):
        self.program = program(options.memcached_proxy, "memcached-proxy", "--memcached-proxy")
        # A path, or the name of the library that the program has built in.
        self.library = options.routelib
        self.route = options.route
        self.version = first_line([self.program, "-V"])

    def configuration(self, backend_port, directory):
        return route_library(self.library, self.route, backend_port, directory)

    def start(self, backend_port, directory):
        port = free_port()
        command = [self.program, "-l", HOST, "-p", port, "-U", "0", "-t", "1", "-c", "4096", *as_user()]
        command += ["-o", self.configuration(backend_port, directory)]
        return Server(self.title, command, port, directory / f"{self.name}.log")


class MemcachedProxyLua(MemcachedProxy):
    """memcached's proxy with a Lua function in the place of the library."""

    name = "memcached-proxy-lua"
    title = "memcached's proxy, Lua function"

    def configuration(self, backend_port, directory):
        return lua_direct(backend_port, directory)


class Nutcracker:
    """twemproxy: classic protocol only."""

    name = "nutcracker"
    title = "nutcracker"
    meta = False

    def __init__(self, options):
        self.program = program(options.nutcracker, "nutcracker", "--nutcracker")
        self.version = first_line([self.program, "-V"])

    def start(self, backend_port, directory):
        port = free_port()
        configuration = directory / f"nutcracker-{backend_port}.yml"
        configuration.write_text(NUTCRACKER.format(listen=port, port=backend_port))
        command = [self.program, "-c", configuration, "-a", HOST, "-s", free_port()]
        return Server(self.title, command, port, directory / f"{self.name}.log")


class Forwarder:
    """The bare Netty forwarder of the bench module."""

    name = "forwarder"
    title = "bare Netty forwarder"
    meta = True

    def __init__(self, options):
        self.jar = CHECKOUT / "bench/target/benchmarks.jar"
        if not self.jar.exists():
            raise Missing(f"{self.jar} is not built; build it with: mvn -q -pl bench -am -DskipTests package")
        self.java = java(options)
        self.transport = options.transport
        self.version = self.transport

    def start(self, backend_port, directory):
        port = free_port()
        command = [self.java, "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx128m",
                   "-cp", self.jar, "io.memroute.bench.forwarder.BareForwarder", port, backend_port, self.transport]
        return Server(self.title, command, port, directory / f"{self.name}.log")


class Memroute:
    """This project, as an operator starts it."""

    name = "memroute"
    title = "memroute"
    meta = True

    def __init__(self, options):
        if options.jar:
            if not pathlib.Path(options.jar).exists():
                raise Missing(f"{options.jar} is not there; --jar names memroute's runnable jar")
            self.command = [java(options), *options.java_option, "-jar", options.jar]
        else:
            self.command = [program(options.memroute or str(CHECKOUT / "memroute"), "memroute", "--memroute")]
        self.arguments = options.memroute_option
        self.library = options.routelib
        self.route = options.route
        # Building on first use must not count as starting.
        self.version = first_line([*self.command, "-V"])

    def configuration(self, backend_port, directory):
        return route_library("routelib", self.route, backend_port, directory)

    def start(self, backend_port, directory):
        port = free_port()
        command = [*self.command, "-l", HOST, "-p", port, "-U", "0", "-t", "1", "-c", "4096",
                   "-o", self.configuration(backend_port, directory), *self.arguments]
        return Server(self.title, command, port, directory / f"{self.name}.log")


class MemrouteRoutelib(Memroute):
    """This project, running memcached's route library as a Lua program of the user."""

    name = "memroute-routelib"
    title = "memroute, memcached's library"

    def __init__(self, options):
        super().__init__(options)
        if not pathlib.Path(self.library).is_file():
            raise Missing("memcached's route library is needed as a file; name it with --routelib PATH")

    def configuration(self, backend_port, directory):
        return route_library(self.library, self.route, backend_port, directory)


class MemrouteLua(Memroute):
    """This project, with a Lua function in the place of its own route_direct."""

    name = "memroute-lua"
    title = "memroute, Lua function"

    def configuration(self, backend_port, directory):
        return lua_direct(backend_port, directory)


# The order of every round and of the table's rows; "direct" is the backend itself.
KINDS = [MemcachedProxy, Nutcracker, Forwarder, Memroute]
# Take part if they are named.
FURTHER_KINDS = [MemcachedProxyLua, MemrouteLua, MemrouteRoutelib]
DIRECT = "direct"


def java(options):
    """The java to use: --java, JAVA_HOME's, or the one on the PATH."""
    if options.java:
        return program(options.java, "java", "--java")
    home = os.environ.get("JAVA_HOME")
    return str(pathlib.Path(home) / "bin/java") if home else program(None, "java", "--java")
