#!/usr/bin/env python3
"""Asks pymemcache's rendezvous where keys go: see README.md."""

from oracle import answer
from pymemcache.client.rendezvous import RendezvousHash


def place_all(scheme, hash_name, servers, keys):
    addresses = [server.address for server in servers]
    ring = RendezvousHash(nodes=list(addresses))
    index = {address: i for i, address in enumerate(addresses)}
    as_given = (lambda key: key) if scheme == "pymemcache-bytes" else bytes.decode
    return [index[ring.get_node(as_given(key))] for key in keys]


answer(place_all)
