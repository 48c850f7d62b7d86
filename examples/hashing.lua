-- Shows how a pool spreads its keys, and how long it waits for its servers.

settings{
  -- Seconds, which may have a fraction.
  backend_connect_timeout = 0.5,
  backend_read_timeout = 0.25,
  -- More failures in a row than this mark a server bad, for so many seconds.
  backend_failure_limit = 3,
  backend_retry_waittime = 5,
}

pools{
  -- The default: jump hash. It is even. Append new servers at the end of the list only.
  main = {
    backends = { "10.0.0.1:11211", "10.0.0.2:11211", "10.0.0.3:11211" },
  },

  -- Ring hash ("ketama"), as many client libraries place keys. The order of the list does not matter.
  ring = {
    options = { dist = mcp.dist_ring_hash, hash = mcp.dist_ring_hash.hash, omode = "ketama" },
    backends = { "10.0.0.1:11211", "10.0.0.2:11211", "10.0.0.3:11211" },
  },

  -- Hashes only the text between { and }: user:{42}:name and user:{42}:mail are on the same server.
  tagged = {
    options = { filter = "tags", filter_conf = "{}" },
    backends = { "10.0.0.1:11211", "10.0.0.2:11211" },
  },
}

routes{
  map = {
    ring = route_direct{ child = "ring" },
    user = route_direct{ child = "tagged" },
  },
  default = route_direct{ child = "main" },
}
