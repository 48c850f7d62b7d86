-- A minimal program: a pool, and a function that sends each request to it. A key lives on one of the two servers;
-- its hash says on which.
--
--   memroute -o proxy_config=examples/lua/first.lua -l 127.0.0.1:11211

function mcp_config_pools()
  return mcp.pool{
    mcp.backend("one", "10.0.0.1", 11211),
    mcp.backend("two", "10.0.0.2", 11211),
  }
end

function mcp_config_routes(pool)
  local direct = mcp.funcgen_new()
  local servers = direct:new_handle(pool)
  direct:ready{ n = "direct", f = function(rctx)
    return function(r)
      return rctx:enqueue_and_wait(r, servers)
    end
  end }
  mcp.attach(mcp.CMD_ANY_STORAGE, direct)
end
