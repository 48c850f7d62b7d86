-- Put in your servers; docs/configuration.md says what may stand here. After a change: docs/deploy.md#kubernetes
pools{
  main = {
    -- The pods of the headless service "memcached" of this namespace, as they come and go.
    backends = { "k8s+memcached." .. os.getenv("POD_NAMESPACE") },
  },
}

routes{ default = route_direct{ child = "main" } }
