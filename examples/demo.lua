-- The configuration of `memroute demo`: one proxy, three servers, two pools.

-- Pools are named lists of memcached servers. Each key belongs to exactly one server of a pool.
pools{
  main = {
    backends = {
      "127.0.0.1:11221",
      "127.0.0.1:11222",
    },
  },
  sessions = {
    backends = {
      "127.0.0.1:11223",
    },
  },
}

-- Routes decide which pool a request goes to: first by the part of the key before the first "/", else the default.
routes{
  map = {
    session = route_direct{ child = "sessions" },
    -- Answered from the proxy's own memory, without a server.
    scratch = route_direct{ child = "internal" },
  },
  default = route_direct{ child = "main" },
}
