"""Starting and ending the servers, and what the kernel says about them."""

import atexit
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

HOST = "127.0.0.1"

# A server that does not answer within this many seconds has failed to start.
START_LIMIT_SECONDS = 120

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


class NotStarted(Exception):
    """A server ended or stayed silent instead of answering."""


def free_port():
    """A port that was free a moment ago, for programs that must be told one."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def end_when_told():
    """SIGTERM and SIGHUP end this script as Ctrl-C does, so that it ends the servers that it has started."""
    for signal_number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signal_number, _end)


def _end(signal_number, _):
    # Once is enough: a second one must not keep the servers from being ended.
    for ignored in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(ignored, signal.SIG_IGN)
    sys.exit(128 + signal_number)


def pinned(cpus, priority, command):
    """A command on some CPUs, which goes before those of lower priority, and before all other work of the machine."""
    return ["chrt", "--rr", str(priority), "taskset", "-c", cpus, *command]


def require_priority(script):
    """Ends the script if it may not give processes real-time priority."""
    tried = subprocess.run(["chrt", "--rr", "20", "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        raise SystemExit(f"{script}: run it as root: it gives processes real-time priority ({tried.stderr.strip()})")


def last_cpu_and_others():
    """The CPU for the proxy, and those for everybody else, as `taskset -c` takes them."""
    cpus = sorted(os.sched_getaffinity(0))
    return str(cpus[-1]), ",".join(str(cpu) for cpu in cpus[:-1] or cpus)


class Server:
    """A running process that answers the memcached protocol on a loopback port.

    It ends with this script at the latest.
    """

    def __init__(self, name, command, port, log_path):
        self.name = name
        self.port = port
        self.command = [str(part) for part in command]
        self.log_path = log_path
        self.started = time.monotonic()
        with open(log_path, "ab") as log:
            # A group of its own: Ctrl-C is for this script, which then ends its servers one by one.
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        atexit.register(self.stop)

    @property
    def pid(self):
        return self.process.pid

    def await_answer(self, request=b"get no-such-key\r\n", reply=b"END\r\n"):
        """Asks until it answers; returns the seconds since the process was started."""
        deadline = self.started + START_LIMIT_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise NotStarted(f"{self.name} ended with status {self.process.returncode}: {self.last_words()}")
            try:
                with socket.create_connection((HOST, self.port), timeout=1) as client:
                    client.sendall(request)
                    received = b""
                    while len(received) < len(reply):
                        chunk = client.recv(4096)
                        if not chunk:
                            break
                        received += chunk
                    if received == reply:
                        return time.monotonic() - self.started
            except OSError:
                pass
            # Not measured as part of anything longer than itself.
            time.sleep(0.002)
        raise NotStarted(f"{self.name} did not answer within {START_LIMIT_SECONDS} s: {self.last_words()}")

    def last_words(self):
        with open(self.log_path, "rb") as log:
            text = log.read().decode("utf-8", "replace").strip()
        return text[-800:] or "it printed nothing"

    def stop(self):
        """Ends this process, by its id, first politely."""
        atexit.unregister(self.stop)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def cpu_seconds(self):
        """(user, system) of the whole process so far, every thread."""
        with open(f"/proc/{self.pid}/stat") as stat:
            # The command's name may contain anything; the fields begin behind its closing bracket.
            fields = stat.read().rpartition(")")[2].split()
        return int(fields[11]) / CLOCK_TICKS, int(fields[12]) / CLOCK_TICKS

    def compiling_seconds(self):
        """CPU time of the threads in which a JVM compiles; those that have ended are not in it."""
        nanos = 0
        for thread in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            try:
                if (thread / "comm").read_text().startswith(("C1 Compiler", "C2 Compiler")):
                    nanos += int((thread / "schedstat").read_text().split()[0])
            except FileNotFoundError:
                pass  # It has ended meanwhile.
        return nanos / 1e9

    def resident_bytes(self):
        with open(f"/proc/{self.pid}/status") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        return 0
