-- Chooses pools by key prefix, the text before the first "/". Keys go to the servers unchanged.

pools{
  main = { backends = { "10.0.0.1:11211", "10.0.0.2:11211", "10.0.0.3:11211" } },
  sessions = { backends = { "10.0.1.1:11211", "10.0.1.2:11211" } },
  counters = { backends = { "10.0.2.1:11211" } },
}

routes{
  map = {
    session = route_direct{ child = "sessions" },
    counter = route_direct{ child = "counters" },
  },
  -- Keys without a prefix, or with one that is not in the map.
  default = route_direct{ child = "main" },
}
