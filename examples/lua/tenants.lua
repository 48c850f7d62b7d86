-- Limits each tenant, over all workers. Keys are TENANT/...; tenants that are not listed share the limit of "other".
-- stats proxy counts refused requests as user_refused.
--
--   memroute -o proxy_config=examples/lua/tenants.lua -l 127.0.0.1:11211

-- Requests per second, and in one burst.
local LIMITS = { blue = 5000, green = 1000, other = 100 }
local REFUSED = 1

function mcp_config_pools()
  mcp.add_stat(REFUSED, "refused")
  local limiters = {}
  for tenant, limit in pairs(LIMITS) do
    -- A bucket gives n tokens only while it holds more than n, so it gets one more than the limit.
    limiters[tenant] = mcp.ratelim_global_tbf{ limit = limit + 1, fillrate = limit, tickrate = 1000 }
  end
  return { limiters = limiters, servers = mcp.pool{ mcp.backend("one", "10.0.0.1", 11211) } }
end

function mcp_config_routes(config)
  local limiter_of = mcp.req_inspector_new{ t = "sepkey", map = config.limiters }
  local other = config.limiters.other

  local generator = mcp.funcgen_new()
  local servers = generator:new_handle(config.servers)
  generator:ready{ n = "tenants", f = function(rctx)
    return function(r)
      local limiter = limiter_of(r) or other
      if not limiter(1) then
        mcp.stat(REFUSED, 1)
        return "SERVER_ERROR rate limit reached\r\n"
      end
      return rctx:enqueue_and_wait(r, servers)
    end
  end }
  mcp.attach(mcp.CMD_ANY_STORAGE, generator)
end
