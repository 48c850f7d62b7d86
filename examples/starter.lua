-- A configuration to start from: put in your servers, check it, run it.
--
--   memroute check FILE      would it start, and is it meant like that?
--   memroute why FILE "get user:42"
--   memroute run FILE        ... and after a change: memroute reload PID
--
-- What may stand here: docs/configuration.md. Which route you need: docs/recipes.md.

-- The memcached servers. Each key lives on one server of a pool, so the order matters:
-- add servers at the end, and put a new one in the place of the one that it replaces.
pools{
  main = {
    backends = {
      "127.0.0.1:11212",
      "127.0.0.1:11213",
      -- "cache3.example.com:11211 three",         a name, and a label for logs and statistics
      -- "dns+cache.example.com:11211",            servers that a name server knows: docs/discovery.md
    },
    -- Clients that pick servers themselves place keys in their own ways: docs/placement.md
    -- options = { placement = "libmemcached-ketama" },
  },

  -- Two pools that hold the same, by zone:
  -- set_geo = {
  --   west = { backends = { "10.1.0.1:11211" } },
  --   east = { backends = { "10.2.0.1:11211" } },
  -- },
}

-- How requests reach them. The first that fits wins: map by prefix, cmap by command, default.
routes{
  -- map = {
  --   session = route_failover{ children = "set_geo", local_zone = "west" },     keys that begin with session/
  -- },
  default = route_direct{ child = "main" },
}

-- What holds for all servers, with the defaults. Seconds may have a fraction.
settings{
  -- backend_connect_timeout = 5,      a server that does not answer a connection
  -- backend_read_timeout = 3,         the age of the oldest request on a connection
  -- backend_failure_limit = 3,        failures in a row before a server is marked bad ...
  -- backend_retry_waittime = 3,       ... and how long until it is tried again
  -- miss_on_error = false,            true: gets that a server fails to answer are misses
}

-- What you rely on; `memroute test FILE` runs it without network.
test{ name = "users are on main", when = "get user:42", expect_pool = "main" }
