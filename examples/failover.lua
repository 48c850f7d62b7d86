-- While a server is down, its keys live in a gutter. The tests below say so: ./memroute test examples/failover.lua

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
    -- Items in the gutter expire soon, as a delete does not reach them once the server is back.
    set = route_failover{ children = { "main", route_ttl{ ttl = 60, child = "gutter" } } },
  },
  default = route_failover{ children = { "main", "gutter" } },
}

-- A start checks only that these are well formed.
test{ name = "a miss is an answer",
  when = "get user:42", given = { main = "miss" }, expect_backend = "10.0.0.2:11211", expect_reply = "miss" }
test{ name = "the gutter takes over",
  when = "get user:42", down = "main", expect_pool = "gutter", expect_reply = "hit" }
test{ name = "what the gutter stores expires",
  when = "set user:42 0 0 5", down = "main", expect_request = "set user:42 0 60 5", expect_reply = "STORED" }
