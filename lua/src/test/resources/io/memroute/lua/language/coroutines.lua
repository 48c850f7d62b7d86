-- Suspending works from everywhere.
local function collect(f, ...)
  local co, out = coroutine.create(f), {}
  local r = table.pack(coroutine.resume(co, ...))
  while coroutine.status(co) == "suspended" do
    out[#out + 1] = tostring(r[2])
    r = table.pack(coroutine.resume(co, r[2]))
  end
  return table.concat(out, ","), table.unpack(r, 1, r.n)
end
local y = coroutine.yield
local out, ok, r = collect(function(a) local b = y(a + 1) return b * 2 end, 1)
assert(out == "2" and ok and r == 4)
-- Across pcall, and errors after it.
out, ok, r = collect(function()
  local st, e = pcall(function() y(1) error("x", 0) end)
  return e
end)
assert(out == "1" and ok and r == "x")
out, ok, r = collect(function() return select(2, xpcall(function() y(1) error("x", 0) end, function(m) return m .. "!" end)) end)
assert(out == "1" and r == "x!")
-- Across metamethods, iterators, comparators, replacement functions, require-like loaders.
local mt = { __add = function(a, b) return y("add") end, __index = function(_, k) return y(k) end, __lt = function() return y("lt") end,
  __concat = function() return y("concat") end, __call = function(_, v) return y(v) end, __eq = function() return y("eq") end, __len = function() return y("len") end }
local function object() return setmetatable({}, mt) end
out, ok, r = collect(function()
  local o, p = object(), object()
  return o + 1, o.field, o < p, o .. "", o("called"), o == p, #o
end)
assert(out == "add,field,lt,concat,called,eq,len" and ok)
out = collect(function() for v in function(_, c) return y((c or 0) + 1) end do if v >= 3 then break end end end)
assert(out == "1,2,3")
local sorted = { 3, 1, 2 }
out, ok = collect(function() table.sort(sorted, function(a, b) y("s") return a < b end) end)
assert(ok and out:find("^s") and sorted[1] == 1 and sorted[3] == 3)
out, ok, r = collect(function() return (string.gsub("abc", ".", function(c) return y(c):upper() end)) end)
assert(out == "a,b,c" and r == "ABC")
-- Status, running, errors.
local co
co = coroutine.create(function()
  assert(coroutine.status(co) == "running" and coroutine.running() == co and coroutine.isyieldable())
  local inner = coroutine.create(function() return coroutine.status(co) end)
  assert(select(2, coroutine.resume(inner)) == "normal")
  error({})
end)
assert(coroutine.status(co) == "suspended")
ok, r = coroutine.resume(co)
assert(not ok and type(r) == "table" and coroutine.status(co) == "dead")
ok, r = coroutine.resume(co)
assert(not ok and r == "cannot resume dead coroutine")
assert(select(2, coroutine.running()) == true and not coroutine.isyieldable())
assert(not pcall(y) and select(2, pcall(y)) == "attempt to yield from outside a coroutine")
assert(select(2, coroutine.resume(coroutine.running())) == "cannot resume non-suspended coroutine")
local self = coroutine.wrap(function() return pcall(coroutine.close, coroutine.running()) end)
ok, r = self()
assert(not ok and r:find("cannot close a running coroutine", 1, true))
-- Many at once, deep recursion inside.
local function gen(n) return coroutine.wrap(function() for i = 1, n do y(i) end end) end
local gens, sum = {}, 0
for i = 1, 100 do gens[i] = gen(10) end
for _ = 1, 10 do for _, g in ipairs(gens) do sum = sum + g() end end
assert(sum == 5500)
local function deep(n) if n == 0 then y("bottom") return 0 end return 1 + deep(n - 1) end
out, ok, r = collect(deep, 200)
assert(out == "bottom" and r == 200)
-- Nesting has an end, and it is an error.
local function nest() return coroutine.wrap(nest)() end
ok, r = pcall(nest)
assert(not ok and r:find("C stack overflow", 1, true))
