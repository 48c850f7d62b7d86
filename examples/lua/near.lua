-- Keeps keys that begin with hot/ in memroute itself for two seconds, so that a popular key does not overload its one
-- server. Readers may see a value that is up to two seconds old. A write through this memroute drops its copy.
-- user_near_hit and user_near_miss in stats proxy count. It takes classic gets; -m sets its memory.
--
--   memroute -m 256 -o proxy_config=examples/lua/near.lua -l 127.0.0.1:11211

local SECONDS = 2
local HIT, MISS = 1, 2

function mcp_config_pools()
  mcp.add_stat(HIT, "near_hit")
  mcp.add_stat(MISS, "near_miss")
  return mcp.pool{ mcp.backend("one", "10.0.0.1", 11211), mcp.backend("two", "10.0.0.2", 11211) }
end

local function read(pool)
  -- A copy needs more than the reply to a get has; mg gives it.
  local ask = mcp.req_mutator_new(
    { t = "cmdset", cmd = "mg" }, { t = "keycopy", idx = 1 },
    { t = "flagset", flag = "v" }, { t = "flagset", flag = "f" })
  local keep = mcp.req_mutator_new(
    { t = "cmdset", cmd = "ms" }, { t = "keycopy", idx = 1 }, { t = "valcopy", idx = 2 },
    { t = "flagset", flag = "T", val = SECONDS }, { t = "flagcopy", flag = "F", idx = 3 })
  local miss = mcp.res_mutator_new{ t = "resnull", idx = 1 }
  local client_flags = mcp.res_inspector_new{ t = "flagtoken", flag = "f" }

  local generator = mcp.funcgen_new()
  local servers = generator:new_handle(pool)
  local near = generator:new_handle(mcp.internal_handler)
  local store = generator:new_handle(mcp.internal_handler)
  local again = generator:new_handle(mcp.internal_handler)
  local plain = generator:new_handle(pool)
  generator:ready{ n = "near", u = 3, f = function(rctx)
    local question, copy, nothing = rctx:request_new(), rctx:request_new(), rctx:response_new()
    return function(r)
      local res = rctx:enqueue_and_wait(r, near)
      if res:hit() then
        mcp.stat(HIT, 1)
        return res
      end
      mcp.stat(MISS, 1)
      ask(question, r)
      res = rctx:enqueue_and_wait(question, servers)
      if not res:ok() then
        return res
      elseif not res:hit() then
        miss(nothing, r)
        return nothing
      end
      local _, flags = client_flags(res)
      keep(copy, r, res, flags)
      if rctx:enqueue_and_wait(copy, store):code() == mcp.MCMC_CODE_OK then
        res = rctx:enqueue_and_wait(r, again)
        if res:hit() then
          return res
        end
      end
      -- It is too large to keep here, or a write has dropped it in between.
      return rctx:enqueue_and_wait(r, plain)
    end
  end }
  return generator
end

local function write(pool)
  local drop = mcp.req_mutator_new({ t = "cmdset", cmd = "md" }, { t = "keycopy", idx = 1 })
  local generator = mcp.funcgen_new()
  local servers = generator:new_handle(pool)
  local near = generator:new_handle(mcp.internal_handler)
  generator:ready{ n = "drop_near", u = 1, f = function(rctx)
    local request = rctx:request_new()
    return function(r)
      local res = rctx:enqueue_and_wait(r, servers)
      drop(request, r)
      rctx:enqueue_and_wait(request, near)
      return res
    end
  end }
  return generator
end

local function direct(pool)
  local generator = mcp.funcgen_new()
  local servers = generator:new_handle(pool)
  generator:ready{ n = "direct", f = function(rctx)
    return function(r)
      return rctx:enqueue_and_wait(r, servers)
    end
  end }
  return generator
end

function mcp_config_routes(pool)
  local others = direct(pool)
  mcp.attach(mcp.CMD_ANY_STORAGE, mcp.router_new{
    map = {
      hot = {
        [mcp.CMD_GET] = read(pool), [mcp.CMD_MG] = others, [mcp.CMD_GETS] = others,
        [mcp.CMD_ANY_STORAGE] = write(pool),
      },
    },
    default = others,
  })
end
