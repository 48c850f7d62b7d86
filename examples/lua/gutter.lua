-- A gutter: a few spare servers that take over while a server of the main pool is down. Items there live for ten
-- seconds only, since nothing deletes them when the item changes after the main server is back.
--
--   memroute -o proxy_config=examples/lua/gutter.lua -l 127.0.0.1:11211

local SECONDS = 10

function mcp_config_pools()
  -- Marks a server bad after the first failure, so that the gutter is asked at once until it is back.
  mcp.backend_failure_limit(0)
  mcp.backend_read_timeout(0.2)
  return {
    main = mcp.pool{ mcp.backend("m1", "10.0.0.1", 11211), mcp.backend("m2", "10.0.0.2", 11211) },
    gutter = mcp.pool{ mcp.backend("g1", "10.0.0.3", 11211) },
  }
end

-- The token of a classic command that is its time to live.
local TIME_TOKEN = {
  [mcp.CMD_SET] = 4, [mcp.CMD_ADD] = 4, [mcp.CMD_REPLACE] = 4, [mcp.CMD_CAS] = 4,
  [mcp.CMD_TOUCH] = 3, [mcp.CMD_GAT] = 2, [mcp.CMD_GATS] = 2,
}

local function shorten(r)
  local command = r:command()
  if TIME_TOKEN[command] then
    r:token(TIME_TOKEN[command], SECONDS)
  elseif command == mcp.CMD_MS or r:has_flag("T") then
    r:flag_set("T", SECONDS)
  end
end

function mcp_config_routes(pools)
  local generator = mcp.funcgen_new()
  local main = generator:new_handle(pools.main)
  local gutter = generator:new_handle(pools.gutter)
  generator:ready{ n = "gutter", f = function(rctx)
    return function(r)
      local res = rctx:enqueue_and_wait(r, main)
      if res:ok() or res:code() == mcp.MCMC_CODE_CLIENT_ERROR then
        return res
      end
      shorten(r)
      return rctx:enqueue_and_wait(r, gutter)
    end
  end }
  mcp.attach(mcp.CMD_ANY_STORAGE, generator)
end
