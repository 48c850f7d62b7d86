"""What memroute and the kernel say about the process under test: heap, sockets, what is still under way."""

import os
import pathlib
import re
import socket
import subprocess
import time

from comparison.processes import HOST

# Statistics that must be 0 when nothing is under way, by section.
IDLE = {"": ("proxy_req_active",), "proxy": ("buffer_memory_used",)}


class Process:
    """A running memroute."""

    def __init__(self, pid, port):
        self.pid = pid
        self.port = port
        self.jcmd = pathlib.Path(os.readlink(f"/proc/{pid}/exe")).with_name("jcmd")

    def ask(self, command, end):
        with socket.create_connection((HOST, self.port), timeout=10) as client:
            client.sendall(command)
            received = b""
            while not received.endswith(end):
                data = client.recv(1 << 16)
                if not data:
                    raise ConnectionError(f"the connection ended after {received[-200:]!r}")
                received += data
            return received.decode()

    def stats(self, section=""):
        command = f"stats {section}".strip().encode() + b"\r\n"
        return dict(re.findall(r"^STAT (\S+) (.*)\r$", self.ask(command, b"END\r\n"), re.MULTILINE))

    def jvm(self, *command):
        command = [self.jcmd, str(self.pid), *command]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout

    def live_heap_bytes(self):
        """What the heap holds that is reachable: the JVM collects before it counts."""
        total = re.search(r"^Total\s+\d+\s+(\d+)", self.jvm("GC.class_histogram"), re.MULTILINE)
        return int(total.group(1))

    def metaspace_bytes(self):
        """Classes, among them those of compiled Lua functions."""
        used = re.search(r"^Metaspace\s+used (\d+)K", self.jvm("VM.metaspace", "basic"), re.MULTILINE)
        return int(used.group(1)) << 10

    def sockets(self):
        count = 0
        for entry in os.scandir(f"/proc/{self.pid}/fd"):
            try:
                count += os.readlink(entry.path).startswith("socket:")
            except FileNotFoundError:
                # Closed since it was listed.
                pass
        return count

    def await_idle(self, seconds):
        """What is not 0, and has not fallen for that time; empty if all is well."""
        busy = []
        for section, names in IDLE.items():
            for name in names:
                left = await_rest(lambda: int(self.stats(section)[name]), 0, seconds)
                if left:
                    busy.append(f"{name} is {left}")
        return busy


def await_rest(read, enough, seconds):
    """Waits until a number is small enough, or has not fallen for that time. Returns it.

    On a busy machine a proxy needs minutes for what is under way; a leak never falls.
    """
    least = read()
    deadline = time.monotonic() + seconds
    while least > enough and time.monotonic() < deadline:
        time.sleep(0.2)
        number = read()
        if number < least:
            least = number
            deadline = time.monotonic() + seconds
    return least


def growth(samples):
    """Returns by how much the later samples exceed the earlier ones, in bytes and as a share.

    Compares the medians of the last and of the second quarter. The first is not looked at: code is compiled, pools and
    caches fill.
    """
    quarter = max(1, len(samples) // 4)
    before = sorted(samples[quarter:2 * quarter])[quarter // 2]
    after = sorted(samples[-quarter:])[quarter // 2]
    return after - before, (after - before) / before
