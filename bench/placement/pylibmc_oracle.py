#!/usr/bin/env python3
"""Asks pylibmc where keys go, by fetching them from played servers that answer with their place: see README.md."""

import pylibmc
from oracle import answer

BATCH = 200

BEHAVIORS = {
    "libmemcached": {"distribution": "modula"},
    "libmemcached-ketama": {"ketama": True},
    "libmemcached-ketama-weighted": {"ketama_weighted": True},
}


def place_all(scheme, hash_name, servers, keys):
    behaviors = dict(BEHAVIORS[scheme])
    if scheme != "libmemcached-ketama-weighted":
        behaviors["hash"] = hash_name
    client = pylibmc.Client(["%s:%d" % (server.address, server.weight) for server in servers], behaviors=behaviors)
    places = []
    for i in range(0, len(keys), BATCH):
        found = client.get_multi(keys[i:i + BATCH])
        found = {key if isinstance(key, bytes) else key.encode(): value for key, value in found.items()}
        places += [int(found[key]) for key in keys[i:i + BATCH]]
    return places


answer(place_all)
