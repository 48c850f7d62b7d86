"""Servers that are played: what they answer depends on nothing but the seed, the server, the command and the key."""

import hashlib
import queue
import socket
import threading
import time

from .traffic import TOGETHER_FROM

GETS = ("get", "gets", "gat", "gats")
STORES = ("set", "add", "replace", "append", "prepend", "cas")
VERSION = b"VERSION 1.6.45\r\n"

# A value this many times as long as usual is passed on while it arrives.
LARGE = 6000


class Backend:
    """One server; remembers the requests it got, gets key by key and without the spelling of noreply."""

    def __init__(self, number, seed, plays=None, delay_seconds=0, dead=False):
        """plays: the number of the server whose answers it gives; dead: nobody listens."""
        self.number = number
        self.plays = number if plays is None else plays
        self.delay_seconds = delay_seconds
        self.seed = seed
        self.log = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        if dead:
            self.listener.close()
            return
        threading.Thread(target=self._accept, daemon=True).start()

    def forget(self, count):
        """Drops the oldest requests from the log."""
        del self.log[:count]

    def _accept(self):
        while True:
            connection, _ = self.listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        late = queue.SimpleQueue()
        if self.delay_seconds:
            threading.Thread(target=self._send_late, args=(connection, late), daemon=True).start()
        try:
            with connection.makefile("rb") as requests:
                for line in requests:
                    answer = self._answer(line, requests)
                    if self.delay_seconds and answer != VERSION:
                        late.put((time.monotonic() + self.delay_seconds, answer))
                    else:
                        connection.sendall(answer)
        except OSError:
            # The proxy has gone or given the connection up.
            pass

    @staticmethod
    def _send_late(connection, answers):
        while True:
            due, answer = answers.get()
            time.sleep(max(0, due - time.monotonic()))
            try:
                connection.sendall(answer)
            except OSError:
                return

    def _answer(self, line, requests):
        tokens = line.split()
        command = tokens[0].decode("latin-1") if tokens else ""
        if command == "version":
            return VERSION
        if len(tokens) < 2:
            # What begins TLS, for example.
            return b"ERROR\r\n"
        if command in GETS:
            before_keys = 1 if command in ("get", "gets") else 2
            self.log += [b" ".join(tokens[:before_keys] + [key]) for key in tokens[before_keys:]]
            found = [self._reply(command, key) for key in tokens[before_keys:]]
            errors = [reply for reply in found if reply.startswith(b"SERVER_ERROR")]
            return errors[0] if errors else b"".join(found) + b"END\r\n"
        value = b""
        if command == "ms":
            value = requests.read(int(tokens[2]) + 2)
        elif command in STORES:
            value = requests.read(int(tokens[4]) + 2)
        words = [token for token in tokens if token.lower() != b"noreply"]
        self.log.append(b" ".join(words) + b"|" + value)
        return self._reply(command, tokens[1])

    def _reply(self, command, key):
        dice = int.from_bytes(hashlib.md5(repr((self.seed, self.plays, command, key)).encode()).digest()[:8], "little")
        kind, number = dice % 10, (dice >> 8) % 1000
        value = (b"%d:" % self.plays + key) * (LARGE if number > 970 else 1)
        if kind == 0 and not (command in GETS and int(key.rpartition(b"/")[2]) >= TOGETHER_FROM):
            return b"SERVER_ERROR busy %d\r\n" % self.plays
        if command in GETS:
            cas = b" 77" if command in ("gets", "gats") else b""
            return b"" if kind < 5 else b"VALUE %s %d %d%s\r\n%s\r\n" % (key, number, len(value), cas, value)
        if command == "mg" and kind >= 7:
            return b"VA %d f%d\r\n%s\r\n" % (len(value), number, value)
        if command in ("incr", "decr") and kind < 6:
            return b"%d\r\n" % number
        return (LINES.get(command) or LINES["set"])[kind % 5] + b"\r\n"


# What is answered to commands with one line, by chance.
LINES = {
    "set": [b"STORED", b"NOT_STORED", b"STORED", b"STORED", b"STORED"],
    "cas": [b"STORED", b"EXISTS", b"NOT_FOUND", b"STORED", b"STORED"],
    "incr": [b"NOT_FOUND"] * 5,
    "decr": [b"NOT_FOUND"] * 5,
    "touch": [b"TOUCHED", b"NOT_FOUND", b"TOUCHED", b"TOUCHED", b"NOT_FOUND"],
    "delete": [b"DELETED", b"NOT_FOUND", b"DELETED", b"DELETED", b"NOT_FOUND"],
    "mg": [b"EN", b"HD f1", b"EN", b"EN", b"HD"],
    "ms": [b"HD", b"NS", b"EX", b"NF", b"HD c5"],
    "md": [b"HD", b"NF", b"EX", b"HD", b"NF"],
    "ma": [b"HD", b"NF", b"VA 2\r\n17", b"NS", b"HD"],
}
