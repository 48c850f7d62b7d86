-- Fails over between zones. Each zone has a cache of its own. A request goes to the near one, and to the others in turn
-- if that fails. A miss is an answer: the application then fills the near cache. Deletes go to every zone, since any of
-- them may have a copy, and the client gets the worst reply.
--
--   memroute -o proxy_config=examples/lua/zones.lua,proxy_arg=east -l 127.0.0.1:11211

local here = mcp.start_arg or "east"

function mcp_config_pools()
  return {
    east = mcp.pool{ mcp.backend("east1", "10.0.0.1", 11211), mcp.backend("east2", "10.0.0.2", 11211) },
    west = mcp.pool{ mcp.backend("west1", "10.0.0.3", 11211), mcp.backend("west2", "10.0.0.4", 11211) },
  }
end

-- A handle for each zone, the near one first.
local function handles(generator, zones)
  local list = { generator:new_handle(assert(zones[here], "proxy_arg names no zone: " .. here)) }
  for name, pool in pairs(zones) do
    if name ~= here then
      list[#list + 1] = generator:new_handle(pool)
    end
  end
  return list
end

function mcp_config_routes(zones)
  local failover = mcp.funcgen_new()
  local in_turn = handles(failover, zones)
  failover:ready{ n = "failover", f = function(rctx)
    return function(r)
      local res
      for _, zone in ipairs(in_turn) do
        res = rctx:enqueue_and_wait(r, zone)
        if res:ok() then
          return res
        end
      end
      return res
    end
  end }

  local everywhere = mcp.funcgen_new()
  local all = handles(everywhere, zones)
  everywhere:ready{ n = "everywhere", f = function(rctx)
    return function(r)
      rctx:enqueue(r, all)
      rctx:wait_cond(#all)
      return (rctx:worst_result(all))
    end
  end }

  mcp.attach(mcp.CMD_ANY_STORAGE, failover)
  mcp.attach(mcp.CMD_DELETE, everywhere)
  mcp.attach(mcp.CMD_MD, everywhere)
end
