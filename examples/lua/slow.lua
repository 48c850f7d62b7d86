-- Shows requests that took longer than 50 milliseconds, all that failed, and one in 10000 of the others. They go to
-- clients that say "watch proxyreqs". While there are none, it costs next to nothing.
--
--   memroute -o proxy_config=examples/lua/slow.lua -l 127.0.0.1:11211
--   (echo 'watch proxyreqs'; cat) | nc 127.0.0.1 11211

local SLOW_MILLIS = 50
local ONE_IN = 10000

function mcp_config_pools()
  return mcp.pool{ mcp.backend("one", "10.0.0.1", 11211), mcp.backend("two", "10.0.0.2", 11211) }
end

function mcp_config_routes(pool)
  local generator = mcp.funcgen_new()
  local servers = generator:new_handle(pool)
  generator:ready{ n = "logged", f = function(rctx)
    return function(r)
      local res = rctx:enqueue_and_wait(r, servers)
      mcp.log_reqsample(SLOW_MILLIS, ONE_IN, true, r, res, "main", rctx:cfd())
      return res
    end
  end }
  mcp.attach(mcp.CMD_ANY_STORAGE, generator)
end
