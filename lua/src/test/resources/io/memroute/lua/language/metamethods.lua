-- Every event, with the arguments it gets.
local log = {}
local mt = {}
for _, e in ipairs { "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat" } do
  mt["__" .. e] = function(a, b) log[#log + 1] = e return e end
end
mt.__unm = function(a, b) assert(a == b) return "unm" end
mt.__bnot = function(a) return "bnot" end
mt.__len = function() return 42 end
mt.__eq = function(a, b) return true end
mt.__lt = function() return 1 end
mt.__le = function() return nil end
mt.__index = function(t, k) return k end
mt.__tostring = function() return "me" end
mt.__name = "Thing"
mt.__close = function() log[#log + 1] = "close" end
local a, b = setmetatable({}, mt), setmetatable({}, mt)
assert(a + 1 == "add" and 1 - a == "sub" and a * a == "mul" and a / 2 == "div" and a % 2 == "mod" and a ^ 2 == "pow" and a // 2 == "idiv")
assert(a & 1 == "band" and 1 | a == "bor" and a ~ a == "bxor" and a << 1 == "shl" and a >> 1 == "shr")
assert(a .. "x" == "concat" and "x" .. a == "concat" and 1 .. a == "concat" and "p" .. "q" .. a == "pconcat")
assert(-a == "unm" and ~a == "bnot" and #a == 42)
assert(a == b and not (a ~= b) and a ~= 1 and rawequal(a, a) and not rawequal(a, b))
assert((a < b) == true and (a <= b) == false and (a > 1) == true and (1 >= a) == false)
assert(a.foo == "foo" and a[1] == 1 and a[nil] == nil and tostring(a) == "me")
local stored = {}
mt.__newindex = stored
a.x = 1
assert(rawget(a, "x") == nil and stored.x == 1)
mt.__newindex = function(t, k, v) rawset(t, k, v + 1) end
a.y = 1
assert(rawget(a, "y") == 2)
a.y = 5
assert(rawget(a, "y") == 5)
mt.__newindex = nil
a.z = 3
assert(rawget(a, "z") == 3)
do
  local c <close> = a
end
assert(log[#log] == "close")
-- Inheritance through tables, strings through theirs.
local base = { greet = function(self) return "hi " .. self.name end }
local mid = setmetatable({}, { __index = base })
local leaf = setmetatable({ name = "x" }, { __index = mid })
assert(leaf:greet() == "hi x" and leaf.nothing == nil)
assert(("x").len == string.len and not pcall(function() return ("x").y.z end))
-- A metatable changed after its first use is seen.
local late = setmetatable({}, {})
assert(late.k == nil)
getmetatable(late).__index = { k = "now" }
assert(late.k == "now")
getmetatable(late).__index = nil
assert(late.k == nil)
-- Protection.
local locked = setmetatable({}, { __metatable = "no" })
assert(getmetatable(locked) == "no" and not pcall(setmetatable, locked, {}))
-- Multiple results of metamethods are cut to one.
local many = setmetatable({}, { __index = function() return 1, 2 end, __add = function() return 3, 4 end })
assert(select("#", many.x) == 1 and select("#", many + 1) == 1)
