-- Teams share a proxy, and each has the keys with its prefix. docs/security.md explains the rules; clients log in (-Y)
-- or show certificates (-Z with -l mtls:...).

pools{
  main = { backends = { "10.0.0.1:11211", "10.0.0.2:11211", "10.0.0.3:11211" } },
}

access{
  -- The first rule that is about a request decides.
  { who = "user:admin", allow = "all" },
  { who = { "user:monitor", "tag:tools" }, allow = "stats" },
  { deny = "admin" },

  { who = { "user:billing", "cn:billing.example" }, allow = "all", keys = "billing:" },
  { who = "user:web", allow = { "get", "store", "delete" }, keys = { "user:", "session:" } },
  { allow = "get", keys = "public:" },

  default = "deny",
}

routes{ default = route_direct{ child = "main" } }
