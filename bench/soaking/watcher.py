"""Clients that watch memroute's log streams: one that reads, and one that does not."""

import re
import socket
import threading

from comparison.processes import HOST

STREAMS = b"watch proxyreqs proxyevents proxyuser connevents\r\n"
LINE = re.compile(rb"ts=\d+\.\d{6} gid=\d+ type=[a-z_]+( [a-z]+=.*)?|skipped=\d+")


class Watcher:
    """Watches until it is closed."""

    def __init__(self, port, reads):
        self.reads = reads
        self.lines = 0
        self.bad_line = None
        self.socket = socket.socket()
        # Small, so that a watcher that does not read is soon one whose lines are dropped.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22 if reads else 4096)
        self.socket.connect((HOST, port))
        self.socket.sendall(STREAMS)
        if self.socket.recv(4) != b"OK\r\n":
            raise ConnectionError("memroute does not let anybody watch")
        if reads:
            threading.Thread(target=self.read, name="watcher", daemon=True).start()

    def read(self):
        rest = b""
        while True:
            try:
                data = self.socket.recv(1 << 16)
            except OSError:
                return
            if not data:
                return
            *lines, rest = (rest + data).split(b"\n")
            self.lines += len(lines)
            for line in lines:
                if not LINE.fullmatch(line):
                    self.bad_line = self.bad_line or line

    def wrong(self):
        if self.bad_line is not None:
            return [f"a watcher read {self.bad_line[:200]!r}"]
        return ["a watcher read nothing"] if self.reads and not self.lines else []

    def close(self):
        self.socket.close()
