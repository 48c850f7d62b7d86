"""The memroute under attack, the servers behind it, and what it must look like when everybody has gone."""

import os
import pathlib
import socket
import subprocess
import time

from comparison.contestants import as_user, java
from comparison.processes import HOST, Server, free_port
from soaking.health import Process, await_rest

# Slower than any victim's server on a busy machine; the lies use a shorter one.
READ_TIMEOUT_SECONDS = 10

# A bound on what is left for the JVM, so that what grows shows early.
HEAP = "-Xmx256m"

# Every buffer is looked at, which takes its time. What is kept of each is one place where it was used: the usual four
# fill the heap on a machine that is far behind.
LEAKS = ["-Dio.netty.leakDetection.level=paranoid", "-Dio.netty.leakDetection.targetRecords=1"]

# How long the proxy may take to let go of a part of what attackers have left behind.
RETURN_SECONDS = 20

# What must not be in the log, whatever is done to the proxy.
LOG_FAULTS = (
    "LEAK:",
    "OutOfMemoryError",
    "StackOverflowError",
    "IllegalReferenceCountException",
    "Exception in thread",
    "NullPointerException",
    "IndexOutOfBoundsException",
    "IllegalStateException",
    "ClassCastException",
    "AssertionError",
)


def memcached(program, directory, name):
    port = free_port()
    command = [program, "-l", HOST, "-p", port, "-U", "0", "-t", "1", "-m", "256", "-c", "2048", *as_user()]
    server = Server(name, command, port, directory / f"{name}.log")
    server.await_answer()
    return server


class Target:
    """A running memroute with a configuration."""

    def __init__(
        self,
        options,
        transport,
        configuration,
        directory,
        workers,
        read_timeout=READ_TIMEOUT_SECONDS,
        settings="",
        leaks=True,
        listen=HOST,
        more=(),
    ):
        self.directory = directory
        self.workers = workers
        file = directory / "attack.lua"
        file.write_text(
            f"settings{{ backend_read_timeout = {read_timeout}, backend_failure_limit = 1000000, {settings} }}\n"
            f"{configuration}"
        )
        port = free_port()
        self.jcmd = str(pathlib.Path(java(options)).with_name("jcmd"))
        command = [
            java(options),
            HEAP,
            *(LEAKS if leaks else ()),
            *options.java_option,
            "-jar",
            options.jar,
            "-l",
            listen,
            "-p",
            port,
            "-t",
            workers,
            "-c",
            "4096",
            "-o",
            f"proxy_config=routelib,proxy_arg={file}",
            *more,
        ]
        if transport != "auto":
            command += ["--transport", transport]
        self.server = Server("memroute", command + options.memroute_option, port, directory / "memroute.log")
        self.server.await_answer(b"mn\r\n", b"MN\r\n")
        self.port = port
        self.process = Process(self.server.pid, port)
        self.rests_with = self.descriptors()

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.server.pid}/fd"))

    def log(self):
        return pathlib.Path(self.server.log_path).read_text(encoding="utf-8", errors="replace")

    def look_closer(self, name):
        """Keeps the stacks of the proxy's threads and its numbers, twice within a moment: does anything move?"""
        for moment in range(2):
            place = self.directory / f"{name.replace(' ', '-')}-{time.strftime('%H%M%S')}-{moment}.txt"
            with place.open("w", encoding="utf-8") as out:
                for words in ("stats", "stats proxy"):
                    out.write(self._ask(words) + "\n")
                out.flush()
                subprocess.run(
                    [self.jcmd, str(self.server.pid), "Thread.print"], stdout=out, stderr=out, check=False, timeout=60
                )
            time.sleep(0.5)

    def _ask(self, line):
        try:
            with socket.create_connection((HOST, self.port), timeout=20) as client:
                client.sendall(line.encode() + b"\r\n")
                received = b""
                while not received.endswith(b"END\r\n"):
                    data = client.recv(1 << 16)
                    if not data:
                        break
                    received += data
                return received.decode(errors="replace")
        except OSError as e:
            return f"{line}: {e}"

    def stop(self):
        self.server.stop()

    def wrong_at_rest(self, servers_fail=False):
        """What is there that should not be now that all clients have gone.

        servers_fail: whether connections to servers were to be lost
        """
        if self.server.process.poll() is not None:
            return [f"memroute ended with status {self.server.process.returncode}: {self.server.last_words()}"]
        try:
            wrong = self.process.await_idle(RETURN_SECONDS)
            # The one that asks is one.
            wrong += self._await("curr_connections", lambda: int(self.process.stats()["curr_connections"]), 1, 0)
            wrong += self._await("the number of open descriptors", self.descriptors, self.rests_with, 2 * self.workers)
            stats = self.process.stats()
        except OSError as e:
            return [f"memroute does not answer when the attack is over: {e}"]
        if not servers_fail and stats.get("proxy_backend_failed", "0") != "0":
            wrong.append(
                f"{stats['proxy_backend_failed']} connections to servers were lost, though no server failed"
            )
        return wrong + self.wrong_in_log()

    @staticmethod
    def _await(name, read, wanted, tolerance):
        value = await_rest(read, wanted + tolerance, RETURN_SECONDS)
        if value <= wanted + tolerance:
            return []
        return [f"{name} is {value}, has not fallen for {RETURN_SECONDS} s without clients, and was {wanted} before"]

    def wrong_in_log(self):
        text = self.log()
        return [
            f"memroute's log has {word}: " + text[max(0, text.index(word) - 300) :][:900]
            for word in LOG_FAULTS
            if word in text
        ]
