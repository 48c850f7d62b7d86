-- Arguments, results, varargs.
local function pack(...) return select("#", ...), { ... } end
local n, t = pack(nil, 2, nil)
assert(n == 3 and t[2] == 2)
local function three() return 1, 2, 3 end
local function none() end
assert(select("#", three(), three()) == 4 and select("#", (three())) == 1 and select("#", none()) == 0)
assert(select("#", none(), none()) == 1)
local a, b, c, d = three()
assert(a == 1 and c == 3 and d == nil)
local x, y = (three())
assert(x == 1 and y == nil)
t = { three(), three() }
assert(#t == 4)
t = { three(), nil }
assert(#t == 1)
assert(#{ nil, nil, 3 } == 3 and #{ n = 1, three() } == 3)
local function five(p, q, r, s, u) return u, s, r, q, p end
assert(five(1, 2, 3, 4, 5) == 5 and select(5, five(1, 2)) == 1)
local function default(p, ...) return p, select("#", ...), ... end
assert(select("#", default()) == 2 and select(3, default(1, 2)) == 2)
assert(select(-1, 1, 2, 3) == 3 and not pcall(select, 0))
assert(table.unpack({ 1, 2, 3 }, 2) == 2 and (table.unpack { 1, 2 }) == 1)
-- Evaluation order and multiple assignment.
local i, arr = 1, {}
i, arr[i] = i + 1, 20
assert(i == 2 and arr[1] == 20 and arr[2] == nil)
a, b = 1, 2
a, b = b, a
assert(a == 2 and b == 1)
a, b, c = 0
assert(a == 0 and b == nil and c == nil)
a, b = none(), 7
assert(a == nil and b == 7)
-- Closures share what they capture.
local function pair()
  local v = 0
  return function() v = v + 1 return v end, function() return v end
end
local inc, get = pair()
inc() inc()
assert(get() == 2)
local function outer(k)
  local function inner() return function() k = k + 1 return k end end
  return inner()
end
local f = outer(5)
assert(f() == 6 and f() == 7 and outer(1)() == 2)
-- A local function sees itself; mutual recursion through upvalues.
local function fact(k) if k == 0 then return 1 end return k * fact(k - 1) end
assert(fact(20) == 2432902008176640000)
local even, odd
function even(k) if k == 0 then return true end return odd(k - 1) end
function odd(k) if k == 0 then return false end return even(k - 1) end
assert(even(100001) == false)
-- Tail calls take no stack.
local function loop(k, acc) if k == 0 then return acc end return loop(k - 1, acc + 1) end
assert(loop(1000000, 0) == 1000000)
local function viaVararg(k, ...) if k == 0 then return ... end return viaVararg(k - 1, ...) end
assert(select("#", viaVararg(300000, 1, 2, 3)) == 3)
local obj = {}
function obj:down(k) if k == 0 then return "end" end return self:down(k - 1) end
assert(obj:down(300000) == "end")
local function toSeveral(k) if k == 0 then return 1, 2, 3 end return toSeveral(k - 1) end
local r = { toSeveral(200000) }
assert(#r == 3)
-- Methods with a dotted path.
local m = { n = { v = 3 } }
function m.n:add(k) return self.v + k end
function m.n.plain(k) return k end
assert(m.n:add(4) == 7 and m.n.plain(9) == 9)
assert(("%d"):format(7) == "7" and #"abc" == 3)
-- Calls through __call, chains of them included.
local callable = setmetatable({}, { __call = function(self, ...) return self, ... end })
assert(callable() == callable and select(3, callable(1, 2)) == 2 and select("#", callable(1, 2, 3, 4, 5)) == 6)
local chain = setmetatable({}, { __call = callable })
assert(select(2, chain(8)) == chain)
-- Booleans: and, or, not in all positions.
local function id(...) return ... end
assert((nil and 1) == nil and (false or nil) == nil and (1 and 2) == 2 and (nil or 3) == 3)
assert((id(1) == 1 and "y" or "n") == "y" and (id(1) == 2 and "y" or "n") == "n" and (nil and nil or 5) == 5)
assert((not nil) == true and (not 0) == false and not (1 > 2) and (1 < 2) == true)
local z = id(false) or id(nil) or id(0)
assert(z == 0)
if (id(1) and id(nil)) or (id(2) and not id(false)) then z = 1 end
assert(z == 1)
