#!/usr/bin/env python3
"""A server that takes a while for each key, and whose speed is therefore the limit of what its clients get.

It answers `get`, `set` and `version`. Connections take turns, key by key: nothing could be fairer to those who have one
each. Usage: slow_server.py PORT MICROSECONDS
"""

import collections
import selectors
import socket
import sys
import time

HOST = "127.0.0.1"
RECEIVED_AT_ONCE = 1 << 18


class Connection:
    def __init__(self, channel):
        self.channel = channel
        self.unread = bytearray()
        self.keys = collections.deque()
        self.reply = b""

    def take(self):
        """The words and the value of the next request that has arrived as a whole, or nothing."""
        line_end = self.unread.find(b"\r\n")
        if line_end < 0:
            return None
        words = bytes(self.unread[:line_end]).split()
        end = line_end + 2
        value = b""
        if words[0] == b"set":
            begin, end = end, end + int(words[4]) + 2
            if len(self.unread) < end:
                return None
            value = bytes(self.unread[begin:end])
        del self.unread[:end]
        return words, value


class SlowServer:
    def __init__(self, port, seconds_for_key):
        self.seconds_for_key = seconds_for_key
        self.free_at = 0.0
        self.items = {}
        self.waiting = collections.deque()
        self.selector = selectors.DefaultSelector()
        listening = socket.create_server((HOST, port), backlog=1024)
        self.selector.register(listening, selectors.EVENT_READ)

    def run(self):
        while True:
            for key, _ in self.selector.select(0 if self.waiting else None):
                self.read(key)
            if self.waiting:
                self.serve(self.waiting.popleft())

    def read(self, key):
        if key.data is None:
            channel, _ = key.fileobj.accept()
            channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.selector.register(channel, selectors.EVENT_READ, Connection(channel))
            return
        received = key.fileobj.recv(RECEIVED_AT_ONCE)
        if not received:
            self.selector.unregister(key.fileobj)
            key.fileobj.close()
            return
        key.data.unread += received
        if key.data not in self.waiting:
            self.waiting.append(key.data)

    def serve(self, connection):
        """One key of a connection."""
        if not connection.reply and not self.begin(connection):
            return
        self.waiting.append(connection)
        if connection.keys:
            connection.reply = self.items.get(connection.keys.popleft(), b"") + connection.reply
            # What it could not do while there was nothing to do is lost.
            self.free_at = max(self.free_at, time.monotonic() - self.seconds_for_key) + self.seconds_for_key
            rest = self.free_at - time.monotonic()
            if rest > 0:
                time.sleep(rest)
        if not connection.keys:
            try:
                connection.channel.sendall(connection.reply)
            except OSError:
                connection.unread.clear()
            connection.reply = b""

    def begin(self, connection):
        """Takes the next request, if there is one: its keys, and the end of its reply."""
        request = connection.take()
        if request is None:
            return False
        words, value = request
        if words[0] == b"version":
            connection.reply = b"VERSION 1.6.45\r\n"
        elif words[0] == b"set":
            self.items[words[1]] = b"VALUE %s %s %s\r\n%s" % (words[1], words[2], words[4], value)
            connection.reply = b"STORED\r\n"
        else:
            connection.reply = b"END\r\n"
            connection.keys.extend(reversed(words[1:]))
        return True


if __name__ == "__main__":
    SlowServer(int(sys.argv[1]), int(sys.argv[2]) / 1e6).run()
