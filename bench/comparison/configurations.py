"""What the proxies run: one pool, several routes of the library, a Lua program, or a pool of a thousand servers.

Each pool has the one server of the comparison; a thousand servers are as many of its addresses.
"""

DIRECT = "direct"
ROUTES = "routes"
PROGRAM = "program"
THOUSAND = "thousand"
ALL = (DIRECT, THOUSAND, ROUTES, PROGRAM)

# All of the loopback interface.
MANY_ADDRESSES = [f"127.1.{i // 250 + 1}.{i % 250 + 1}" for i in range(1000)]

_TEXTS = {
    DIRECT: """\
pools{{ main = {{ backends = {{ "127.0.0.1:{port}" }} }} }}
routes{{ default = route_direct{{ child = "main" }} }}
""",
    ROUTES: """\
pools{{
  one = {{ backends = {{ "127.0.0.1:{port}" }} }},
  two = {{ backends = {{ "127.0.0.1:{port}" }} }},
  three = {{ backends = {{ "127.0.0.1:{port}" }} }},
}}
routes{{
  map = {{
    direct = route_direct{{ child = "one" }},
    failover = route_failover{{ children = {{ "one", "two" }} }},
    allsync = route_allsync{{ children = {{ "one", "two", "three" }} }},
    allfastest = route_allfastest{{ children = {{ "one", "two", "three" }} }},
    split = route_split{{ child_a = "one", child_b = "two" }},
    random = route_random{{ children = {{ "one", "two" }} }},
  }},
  default = route_direct{{ child = "one" }},
}}
""",
    PROGRAM: """\
function mcp_config_pools()
  local pools = {{}}
  for i = 1, 3 do
    pools[i] = mcp.pool{{ mcp.backend("b" .. i, "127.0.0.1", {port}) }}
  end
  return pools
end

local function generator(pools, name, make)
  local generator = mcp.funcgen_new()
  local handles = {{}}
  for i, pool in ipairs(pools) do
    handles[i] = generator:new_handle(pool)
  end
  generator:ready{{ n = name, f = function(rctx) return make(rctx, handles) end }}
  return generator
end

local function wait(rctx, handles)
  local handle = handles[1]
  return function(r)
    return rctx:enqueue_and_wait(r, handle)
  end
end

local function fallback(rctx, handles)
  return function(r)
    local res
    for i = 1, #handles do
      res = rctx:enqueue_and_wait(r, handles[i])
      if res:ok() then
        return res
      end
    end
    return res
  end
end

local function replicas(rctx, handles)
  return function(r)
    rctx:enqueue(r, handles)
    rctx:wait_cond(#handles, mcp.WAIT_ANY)
    return (rctx:worst_result(handles))
  end
end

function mcp_config_routes(pools)
  mcp.attach(mcp.CMD_ANY_STORAGE, mcp.router_new{{
    map = {{
      wait = generator(pools, "wait", wait),
      fallback = generator(pools, "fallback", fallback),
      replicas = generator(pools, "replicas", replicas),
    }},
    default = generator(pools, "default", wait),
  }})
end
""",
}


def text(configuration, port):
    """The configuration for servers on that port of the loopback interface."""
    if configuration == THOUSAND:
        backends = ", ".join(f'"{address}:{port}"' for address in MANY_ADDRESSES)
        return f"""\
pools{{ main = {{ backends = {{ {backends} }} }} }}
routes{{ default = route_direct{{ child = "main" }} }}
"""
    return _TEXTS[configuration].format(port=port)
