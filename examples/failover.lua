-- When a server fails its keys go to a gutter for a while, and the file says what is to happen: ./memroute test examples/failover.lua

settings{
  backend_connect_timeout = 0.5,
  backend_read_timeout = 0.25,
}

pools{
  main = { backends = { "10.0.0.1:11211", "10.0.0.2:11211", "10.0.0.3:11211" } },
  gutter = { backends = { "10.0.9.1:11211" } },
}

routes{
  cmap = {
    -- What is stored in the gutter does not stay there: the server that is back does not know of changes made meanwhile.
    set = route_failover{ children = { "main", route_ttl{ ttl = 60, child = "gutter" } } },
  },
  default = route_failover{ children = { "main", "gutter" } },
}

-- A start only checks that these are well formed.
test{ name = "a miss is an answer",
  when = "get user:42", given = { main = "miss" }, expect_backend = "10.0.0.2:11211", expect_reply = "miss" }
test{ name = "the gutter takes over",
  when = "get user:42", down = "main", expect_pool = "gutter", expect_reply = "hit" }
test{ name = "what the gutter stores expires",
  when = "set user:42 0 0 5", down = "main", expect_request = "set user:42 0 60 5", expect_reply = "STORED" }
