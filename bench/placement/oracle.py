"""What the oracles in Python have in common: they read keys and questions, and print places. See README.md."""

import sys


class Server:
    def __init__(self, text):
        self.host, port, weight, self.name = text.split(":", 3)
        self.port = int(port)
        self.weight = float(weight)

    @property
    def address(self):
        return "%s:%d" % (self.host, self.port)


def keys():
    with open(sys.argv[-1]) as lines:
        return [bytes.fromhex(line.strip()) for line in lines]


def answer(place_all):
    """Calls place_all(scheme, hash, servers, keys) for each question; it returns a place for each key."""
    all_keys = keys()
    for line in sys.stdin:
        scheme, hash_name, *servers = line.rstrip("\n").split("\t")
        places = place_all(scheme, hash_name, [Server(text) for text in servers], all_keys)
        print(" ".join(map(str, places)), flush=True)
