"""The Lua program that memroute runs during a soak, and the memcached servers behind it."""

import signal
import threading
import time

from comparison.contestants import as_user
from comparison.processes import HOST, Server, free_port

BACKENDS = 3

# Errors are to be expected from the moment a server is killed until its connections must be in service again: the wait
# before a server marked bad is tried again (1 s, below), a handshake, and what a busy machine adds.
GRACE_SECONDS = 6

# Keys by their prefix: "d/" on one server each, "r/" on two, "l/" in memroute's own store.
PROGRAM = """
-- load {load}
if mcp.pool then
  mcp.backend_retry_waittime(1)
  mcp.backend_failure_limit(1)
  mcp.backend_read_timeout(2)
  mcp.backend_connect_timeout(1)
end

function mcp_config_pools()
  mcp.add_stat(1, "replicated")
  mcp.add_stat(2, "load{load}")
  local b = {{}}
  for i, port in ipairs{{ {ports} }} do
    b[i] = mcp.backend{{ label = "b" .. i, host = "127.0.0.1", port = port, connections = {connections},
      log = {{ rate = 100, errors = true, tag = "soak" }} }}
  end
  return {{ all = mcp.pool(b), one = mcp.pool{{ b[1] }}, two = mcp.pool{{ b[2] }}, three = mcp.pool{{ b[3] }} }}
end

local function direct(pool)
  local f = mcp.funcgen_new()
  local h = f:new_handle(pool)
  f:ready{{ n = "direct", f = function(rctx)
    return function(r)
      local res = rctx:enqueue_and_wait(r, h)
      mcp.log_reqsample(50, 50, true, r, res, "direct", rctx:cfd())
      return res
    end
  end }}
  return f
end

-- Writes go to both servers and wait for both; reads ask the second if the first has nothing. A third hears of
-- everything, and nobody waits for it.
local function replicated(p)
  local f = mcp.funcgen_new()
  local first, second = f:new_handle(direct(p.one)), f:new_handle(direct(p.two))
  local shadow = f:new_handle(p.three)
  f:ready{{ n = "replicated", f = function(rctx)
    local told = 0
    rctx:handle_set_cb(shadow, function(res, r)
      told = told + 1
      if told % 100 == 0 then mcp.log("shadow " .. told) end
    end)
    return function(r)
      mcp.stat(1, 1)
      local command = r:command()
      if command == mcp.CMD_GET or command == mcp.CMD_MG then
        local res = rctx:enqueue_and_wait(r, first)
        if res:hit() then return res end
        local other = rctx:enqueue_and_wait(r, second)
        return other:hit() and other or rctx:best_result({{ first, second }})
      end
      rctx:enqueue(r, {{ first, second, shadow }})
      rctx:wait_handle(first)
      rctx:wait_handle(second, 5)
      return (rctx:worst_result({{ first, second }}))
    end
  end }}
  return f
end

local function embedded()
  local f = mcp.funcgen_new()
  local h = f:new_handle(mcp.internal_handler)
  f:ready{{ n = "embedded", f = function(rctx)
    return function(r)
      return rctx:enqueue_and_wait(r, h)
    end
  end }}
  return f
end

function mcp_config_routes(p)
  mcp.attach(mcp.CMD_ANY_STORAGE, mcp.router_new{{
    map = {{ d = direct(p.all), r = replicated(p), l = embedded() }},
  }})
end
"""

# Function generators that one load of the program makes on each worker, by name, as "stats proxyfuncs" counts them.
# Each has made one slot when it has served nothing.
FUNCTIONS = {"direct": 3, "replicated": 1, "embedded": 1, "mcp_router": 1}
SLOTS = {"direct": 3, "replicated": 1, "embedded": 1, "mcp_router": 0}


def text(load, backends):
    """The program of a load: every fourth one has other connections than the one before."""
    ports = ", ".join(str(backend.port) for backend in backends)
    return PROGRAM.format(load=load, ports=ports, connections=1 + load // 4 % 2)


class Backend:
    """A memcached that can be killed and comes back, empty, on the same port."""

    def __init__(self, program, number, directory):
        self.program = program
        self.name = f"backend {number}"
        self.log_path = directory / f"backend{number}.log"
        self.port = free_port()
        self.server = None

    def start(self):
        command = [self.program, "-l", HOST, "-p", self.port, "-U", "0", "-t", "1", "-m", "256", *as_user()]
        self.server = Server(self.name, command, self.port, self.log_path)
        self.server.await_answer()

    def kill(self):
        self.server.process.send_signal(signal.SIGKILL)
        self.server.process.wait()

    def stop(self):
        if self.server is not None:
            self.server.stop()


class World:
    """What clients must know of the servers to judge an answer."""

    def __init__(self):
        self.kills = 0
        self.last_trouble = -GRACE_SECONDS
        self.down = 0
        self.lock = threading.Lock()

    def killing(self):
        with self.lock:
            self.down += 1

    def killed(self):
        """Only now: what was stored before is gone, what is stored after goes to the next process."""
        with self.lock:
            self.kills += 1

    def back(self):
        with self.lock:
            self.down -= 1
            self.last_trouble = time.monotonic()

    def troubled(self):
        """Whether a server is down, or was so a moment ago."""
        with self.lock:
            return self.down > 0 or time.monotonic() - self.last_trouble < GRACE_SECONDS
