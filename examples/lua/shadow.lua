-- Sends copies of one request in ten (or in proxy_arg) to new servers, to try them with real traffic. Their replies are
-- counted (user_shadow_ok, user_shadow_failed in stats proxy) and otherwise ignored: clients do not wait for them.
--
--   memroute -o proxy_config=examples/lua/shadow.lua,proxy_arg=10 -l 127.0.0.1:11211

local ONE_IN = tonumber(mcp.start_arg or 10)
local OK, FAILED = 1, 2

function mcp_config_pools()
  mcp.add_stat(OK, "shadow_ok")
  mcp.add_stat(FAILED, "shadow_failed")
  return {
    main = mcp.pool{ mcp.backend("main", "10.0.0.1", 11211) },
    -- Requests that wait for a reply take memory, so few may wait, and not for long.
    shadow = mcp.pool{
      mcp.backend{ label = "new", host = "10.0.0.2", port = 11211, depthlimit = 1000, readtimeout = 0.5 },
    },
  }
end

function mcp_config_routes(pools)
  local generator = mcp.funcgen_new()
  local main = generator:new_handle(pools.main)
  local shadow = generator:new_handle(pools.shadow)
  generator:ready{ n = "shadow", f = function(rctx)
    rctx:handle_set_cb(shadow, function(res)
      mcp.stat(res:ok() and OK or FAILED, 1)
    end)
    return function(r)
      if math.random(ONE_IN) == 1 then
        -- It is sent together with the next request that is waited for.
        rctx:enqueue(r, shadow)
      end
      return rctx:enqueue_and_wait(r, main)
    end
  end }
  mcp.attach(mcp.CMD_ANY_STORAGE, generator)
end
