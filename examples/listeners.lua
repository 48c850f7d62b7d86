-- One process, two groups of clients: a listener's tag chooses its routes.
-- ./memroute run examples/listeners.lua -l 0.0.0.0:11211 -l batch:0.0.0.0:11311

pools{
  main = { backends = { "10.0.0.1:11211", "10.0.0.2:11211" } },
  -- The same servers with connections of their own, so that batch jobs do not queue in front of users.
  batch = {
    options = { beprefix = "batch" },
    backends = { "10.0.0.1:11211", "10.0.0.2:11211" },
  },
}

routes{
  default = route_direct{ child = "main" },
}

routes{
  tag = "batch",
  default = route_direct{ child = "batch" },
}
