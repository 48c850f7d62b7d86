-- Chooses pools by command: reads of articles go to a replica, everything else about articles to the master.

pools{
  master = { backends = { "10.0.0.1:11211" } },
  replica = { backends = { "10.0.0.2:11211" } },
  main = { backends = { "10.0.1.1:11211", "10.0.1.2:11211" } },
  copy = { backends = { "10.0.2.1:11211", "10.0.2.2:11211" } },
}

routes{
  map = {
    -- A cmdmap may take the place of a route. "all" is for the commands it does not name.
    article = cmdmap{
      get = route_direct{ child = "replica" },
      mg = route_direct{ child = "replica" },
      all = route_direct{ child = "master" },
    },
  },
  -- For keys that map does not take: some commands first, then the default. No get of an article comes here.
  cmap = {
    get = route_failover{ children = { "main", "copy" }, miss = true },
    mg = route_failover{ children = { "main", "copy" }, miss = true },
  },
  default = route_allsync{ children = { "copy", "main" } },
}
