-- Reads the servers from a file with a line "LABEL HOST PORT" for each. A cron looks at the file every five seconds and
-- reloads the configuration when it has changed. Servers that stay keep their connections. An invalid list is reported
-- in the log, and the earlier servers stay.
--
--   memroute -o proxy_config=examples/lua/serverlist.lua,proxy_arg=/etc/memroute/servers -l 127.0.0.1:11211

local FILE = mcp.start_arg or "servers"

local function contents()
  local file, problem = io.open(FILE)
  if not file then
    return nil, problem
  end
  local text = file:read("a")
  file:close()
  return text
end

function mcp_config_pools()
  local text = assert(contents())
  mcp.register_cron("look at " .. FILE, { every = 5, func = function()
    local now = contents()
    -- The file may be missing for a moment while it is replaced.
    if now and now ~= text then
      text = now
      mcp.schedule_config_reload()
    end
  end })

  local servers = {}
  for line in text:gmatch("[^\n]+") do
    local label, host, port = line:match("^(%S+)%s+(%S+)%s+(%d+)%s*$")
    assert(label, FILE .. ": expected LABEL HOST PORT, not " .. line)
    servers[#servers + 1] = mcp.backend(label, host, port)
  end
  assert(#servers > 0, FILE .. ": there is no server in it")
  return mcp.pool(servers)
end

function mcp_config_routes(pool)
  local generator = mcp.funcgen_new()
  local servers = generator:new_handle(pool)
  generator:ready{ n = "direct", f = function(rctx)
    return function(r)
      return rctx:enqueue_and_wait(r, servers)
    end
  end }
  mcp.attach(mcp.CMD_ANY_STORAGE, generator)
end
