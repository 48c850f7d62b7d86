-- A first configuration: one pool of memcached servers, each key on one of them.
-- Put your servers in, then: ./memroute run examples/memroute.lua

pools{
  main = {
    backends = {
      "127.0.0.1:11212",
      "127.0.0.1:11213",
    },
  },
}

routes{
  default = route_direct{ child = "main" },
}
