-- To-be-closed variables: closed in reverse order, on every way out.
local log
local function new(name, fail)
  return setmetatable({}, { __close = function(_, e)
    log[#log + 1] = name .. ":" .. tostring(e)
    if fail then error(fail, 0) end
  end })
end
local function run(f, ...)
  log = {}
  local r = table.pack(pcall(f, ...))
  return table.concat(log, " "), r[1], r[2], r[3]
end
local l, ok, r = run(function()
  local a <close> = new "a"
  local b <close> = new "b"
  return "r", #log
end)
assert(l == "b:nil a:nil" and ok and r == "r")
l, ok, r = run(function()
  local a <close> = new "a"
  local b <close> = new("b", "second")
  error("first", 0)
end)
assert(l == "b:first a:second" and not ok and r == "second")
l = run(function()
  for i = 1, 3 do
    local c <close> = new("c" .. i)
    if i == 2 then break end
  end
end)
assert(l == "c1:nil c2:nil")
l = run(function()
  local i = 1
  ::top::
  do
    local c <close> = new("g" .. i)
    i = i + 1
    if i <= 3 then goto top end
  end
end)
assert(l == "g1:nil g2:nil g3:nil")
l, ok, r = run(function()
  local n = 0
  repeat
    local c <close> = new "u"
    n = n + 1
  until n == 2
  return n
end)
assert(l == "u:nil u:nil" and r == 2)
l, ok, r = run(function()
  local x <close> = nil
  local y <close> = false
  return "nothing"
end)
assert(l == "" and r == "nothing")
l, ok, r = run(function() local z <close> = 42 end)
assert(not ok and r:find("variable 'z' got a non-closable value", 1, true))
-- Results are computed before closing.
l, ok, r = run(function()
  local v = 1
  local c <close> = setmetatable({}, { __close = function() v = 2 end })
  return v
end)
assert(r == 1)
-- In coroutines: across a yield, and when closed while suspended.
log = {}
local co = coroutine.wrap(function()
  local c <close> = new "co"
  coroutine.yield(1)
  return 2
end)
assert(co() == 1 and #log == 0 and co() == 2 and log[1] == "co:nil")
log = {}
co = coroutine.create(function()
  local c <close> = new "killed"
  local d <close> = new("failing", "oops")
  coroutine.yield()
end)
coroutine.resume(co)
local st, msg = coroutine.close(co)
assert(not st and msg == "oops" and table.concat(log, " ") == "failing:nil killed:oops" and coroutine.status(co) == "dead")
-- Left by a goto back, then passed over by one to the end of the block: closed once.
local times, passes = 0, 0
do
  ::top::
  if passes > 0 then goto done end
  local c <close> = setmetatable({}, { __close = function() times = times + 1 end })
  passes = passes + 1
  if passes > 0 then goto top end
  ::done::
end
assert(times == 1)
-- Constants.
local k <const> = 10
assert(k * 2 == 20)
assert(not load("local c <const> = 1; c = 2") and not load("local c <close> = nil; c = 2") and not load("local c <foo> = 1"))
