-- Keeps every item on three replicas. A write is answered when enough have done it: one ("fast", the default), two
-- ("most") or all ("all"). The others get it all the same. If too few do it, the client gets the worst reply. A read
-- asks all of them at once and takes the first hit, so that nobody notices a slow or restarted replica.
--
--   memroute -o proxy_config=examples/lua/replicas.lua,proxy_arg=most -l 127.0.0.1:11211

local enough = ({ fast = 1, most = 2, all = 3 })[mcp.start_arg or "fast"]

function mcp_config_pools()
  return {
    mcp.pool{ mcp.backend("r1", "10.0.0.1", 11211) },
    mcp.pool{ mcp.backend("r2", "10.0.0.2", 11211) },
    mcp.pool{ mcp.backend("r3", "10.0.0.3", 11211) },
  }
end

function mcp_config_routes(pools)
  local function over_all(name, serve)
    local generator = mcp.funcgen_new()
    local replicas = {}
    for i, pool in ipairs(pools) do
      replicas[i] = generator:new_handle(pool)
    end
    generator:ready{ n = name, f = function(rctx)
      return function(r)
        rctx:enqueue(r, replicas)
        return serve(rctx, replicas)
      end
    end }
    return generator
  end

  local write = over_all("write", function(rctx, replicas)
    -- A reply is good if the server did it or refused for a reason (NOT_STORED). An error or a dead server is not.
    if rctx:wait_cond(enough, mcp.WAIT_GOOD) >= enough then
      return (rctx:best_result(replicas))
    end
    return (rctx:worst_result(replicas))
  end)

  local read = over_all("read", function(rctx, replicas)
    rctx:wait_cond(#replicas, mcp.WAIT_FASTGOOD)
    return (rctx:best_result(replicas))
  end)

  mcp.attach(mcp.CMD_ANY_STORAGE, write)
  mcp.attach(mcp.CMD_GET, read)
  mcp.attach(mcp.CMD_MG, read)
end
