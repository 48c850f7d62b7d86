"""Who is compared: how each one is started in front of a backend, with one worker and one pool."""

import os
import pathlib
import shutil
import subprocess

from . import configurations
from .processes import HOST, Server, free_port

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]

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


# Connections of a run that has ended may take a moment to go.
MOST_CONNECTIONS = "12000"


# What stands for the backend itself among the contestants.
DIRECT = "direct"


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
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=900, check=False)
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    return lines[0].removeprefix("This is ") if lines else "unknown version"


def backend(path, log_path, configuration=configurations.DIRECT, placed=lambda command: command):
    """The memcached behind the proxies; `placed` makes its command one that runs where and as it shall."""
    port = free_port()
    many = configurations.MANY_ADDRESSES if configuration == configurations.THOUSAND else []
    command = [path, "-l", ",".join([HOST, *many]), "-p", port, "-U", "0", "-t", "1", "-m", "1024", "-c",
               MOST_CONNECTIONS, *as_user()]
    return Server("backend", placed(command), port, log_path)


def proxy_options(configuration, library, backend_port, directory):
    """The words behind -o with which memcached's proxy, and memroute, run a configuration."""
    file = directory / f"{configuration}-{backend_port}.lua"
    file.write_text(configurations.text(configuration, backend_port))
    if configuration == configurations.PROGRAM:
        return f"proxy_config={file}"
    return f"proxy_config={library},proxy_arg={file}"


class MemcachedProxy:
    """memcached's own proxy, with its route library and one worker thread."""

    name = "memcached-proxy"
    title = "memcached's proxy"
    meta = True
    compiles = False
    configurations = configurations.ALL

    def __init__(self, options):
        self.program = program(options.memcached_proxy, "memcached-proxy", "--memcached-proxy")
        # A path, or the name of the library that the program has built in.
        self.library = options.routelib
        self.version = first_line([self.program, "-V"])

    def start(self, backend_port, directory, configuration):
        port = free_port()
        command = [self.program, "-l", HOST, "-p", port, "-U", "0", "-t", "1", "-c", MOST_CONNECTIONS, *as_user()]
        command += ["-o", proxy_options(configuration, self.library, backend_port, directory)]
        return Server(self.title, command, port, directory / f"{self.name}.log")


class Nutcracker:
    """twemproxy: classic protocol only."""

    name = "nutcracker"
    title = "nutcracker"
    meta = False
    compiles = False
    configurations = (configurations.DIRECT,)

    def __init__(self, options):
        self.program = program(options.nutcracker, "nutcracker", "--nutcracker")
        self.version = first_line([self.program, "-V"])

    def start(self, backend_port, directory, configuration):
        port = free_port()
        file = directory / f"nutcracker-{backend_port}.yml"
        file.write_text(NUTCRACKER.format(listen=port, port=backend_port))
        command = [self.program, "-c", file, "-a", HOST, "-s", free_port()]
        return Server(self.title, command, port, directory / f"{self.name}.log")


class Forwarder:
    """A bare forwarder in C on io_uring: it finds the ends of messages and knows nothing else. The limit."""

    name = "forwarder"
    title = "bare C forwarder"
    meta = True
    compiles = False
    configurations = (configurations.DIRECT,)

    def __init__(self, options):
        self.source = CHECKOUT / "bench/forwarder/forwarder.c"
        self.compiler = shutil.which("cc") or shutil.which("gcc")
        if not self.compiler:
            raise Missing("it needs a C compiler")
        self.version = "io_uring"

    def start(self, backend_port, directory, configuration):
        built = directory / "forwarder"
        if not built.exists():
            subprocess.run([self.compiler, "-O2", "-o", built, self.source], check=True)
        port = free_port()
        return Server(self.title, [built, port, backend_port], port, directory / f"{self.name}.log")


class NettyForwarder:
    """The same over Netty's event loop, of the bench module: what Java costs."""

    name = "netty-forwarder"
    title = "bare Netty forwarder"
    meta = True
    compiles = True
    configurations = (configurations.DIRECT,)

    def __init__(self, options):
        self.jar = CHECKOUT / "bench/target/benchmarks.jar"
        if not self.jar.exists():
            raise Missing(f"{self.jar} is not built; build it with: mvn -q -pl bench -am -DskipTests package")
        self.java = java(options)
        self.transport = options.transport
        self.version = self.transport

    def start(self, backend_port, directory, configuration):
        port = free_port()
        command = [self.java, "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx128m",
                   "-cp", self.jar, "io.memroute.bench.forwarder.BareForwarder", port, backend_port, self.transport]
        return Server(self.title, command, port, directory / f"{self.name}.log")


class Memroute:
    """This project, as an operator starts it."""

    name = "memroute"
    title = "memroute"
    meta = True
    compiles = True
    configurations = configurations.ALL
    library = "routelib"

    def __init__(self, options):
        if options.jar:
            if not pathlib.Path(options.jar).exists():
                raise Missing(f"{options.jar} is not there; --jar names memroute's runnable jar")
            self.command = [java(options), *options.java_option, "-jar", options.jar]
        else:
            self.command = [program(options.memroute or str(CHECKOUT / "memroute"), "memroute", "--memroute")]
        self.arguments = options.memroute_option
        # Building on first use must not count as starting.
        self.version = first_line([*self.command, "-V"])

    def lua(self, program):
        """The command that runs a program in Lua."""
        return [*self.command, "lua", str(program)]

    def start(self, backend_port, directory, configuration):
        port = free_port()
        command = [*self.command, "-l", HOST, "-p", port, "-U", "0", "-t", "1", "-c", MOST_CONNECTIONS,
                   "-o", proxy_options(configuration, self.library, backend_port, directory), *self.arguments]
        return Server(self.title, command, port, directory / f"{self.name}.log")


class MemrouteInLua(Memroute):
    """The same with memcached's route library as a program of the user, in place of the built-in one."""

    name = "memroute-routelib"
    title = "memroute, routelib.lua"
    configurations = (configurations.ROUTES,)

    def __init__(self, options):
        super().__init__(options)
        if not pathlib.Path(options.routelib).is_file():
            raise Missing("it needs the route library's file; name it with --routelib PATH")
        self.library = options.routelib


# The order of every round and of the table's rows.
KINDS = [MemcachedProxy, Memroute, Forwarder, Nutcracker, NettyForwarder, MemrouteInLua]


def java(options):
    """The java to use: --java, or that of the JDK 25 that ./memroute itself would find."""
    if options.java:
        return program(options.java, "java", "--java")
    script = 'source "$1"; find_java jdk; printf %s "$JAVA_HOME"'
    found = subprocess.run(
        ["bash", "-c", script, "find-java", CHECKOUT / "scripts/find-java.sh"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if found.returncode != 0:
        raise Missing(f"it needs a JDK 25; name its java with --java PATH\n{found.stderr.rstrip()}")
    return str(pathlib.Path(found.stdout) / "bin/java")
