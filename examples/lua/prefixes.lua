-- Chooses pools by the beginning of the key: session/... and user/... have servers of their own, all other keys share
-- the rest. Users are read a lot and may be lost: after 20 milliseconds a slow server of theirs counts as a miss.
--
--   memroute -o proxy_config=examples/lua/prefixes.lua -l 127.0.0.1:11211

function mcp_config_pools()
  return {
    sessions = mcp.pool{ mcp.backend("s1", "10.0.0.1", 11211) },
    users = mcp.pool{ mcp.backend("u1", "10.0.0.2", 11211) },
    rest = mcp.pool{ mcp.backend("r1", "10.0.0.3", 11211) },
  }
end

local function direct(name, pool)
  local generator = mcp.funcgen_new()
  local servers = generator:new_handle(pool)
  generator:ready{ n = name, f = function(rctx)
    return function(r)
      return rctx:enqueue_and_wait(r, servers)
    end
  end }
  return generator
end

local function missing_when_slow(name, pool, seconds)
  local generator = mcp.funcgen_new()
  local servers = generator:new_handle(pool)
  local miss = mcp.res_mutator_new({ t = "resnull", idx = 1 }, { t = "flagcopy", flag = "O", idx = 2 })
  generator:ready{ n = name, u = 1, f = function(rctx)
    local answer = rctx:response_new()
    return function(r)
      local res = rctx:enqueue_and_wait(r, servers, seconds)
      if res then
        return res
      end
      -- The miss of a meta get repeats its opaque; a classic get has none.
      miss(answer, r, r:has_flag("O") and r or nil)
      return answer
    end
  end }
  return generator
end

function mcp_config_routes(pools)
  local users = direct("users", pools.users)
  local read_user = missing_when_slow("read_user", pools.users, 0.02)
  mcp.attach(mcp.CMD_ANY_STORAGE, mcp.router_new{
    map = {
      session = direct("sessions", pools.sessions),
      user = { [mcp.CMD_GET] = read_user, [mcp.CMD_MG] = read_user, [mcp.CMD_ANY_STORAGE] = users },
    },
    default = direct("rest", pools.rest),
  })
end
