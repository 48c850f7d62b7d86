-- Numeric loops know their turns beforehand and never overflow.
local function count(a, b, c)
  local n = 0
  for _ = a, b, c or 1 do n = n + 1 end
  return n
end
assert(count(1, 10) == 10 and count(10, 1) == 0 and count(1, 10, 3) == 4 and count(10, 1, -3) == 4)
assert(count(math.maxinteger - 1, math.maxinteger) == 2 and count(math.mininteger + 1, math.mininteger, -1) == 2)
assert(count(math.mininteger, math.maxinteger, math.maxinteger) == 3)
assert(count(1, math.huge, 1 << 62) == 2 and count(1, -math.huge) == 0 and count(1, 0 / 0) == 0)
assert(count(1, 3.9) == 3 and count(1.0, 3) == 3 and count(0, 1, 0.25) == 5 and count(-1, -3.5, -1) == 3)
assert(count(math.maxinteger, math.maxinteger + 1.0) == 1)
for i = 1, 3 do assert(math.type(i) == "integer") end
for i = 1.0, 3 do assert(math.type(i) == "float") end
assert(not pcall(count, 1, 10, 0) and not pcall(count, 1, {}) and not pcall(count, "x", 1))
-- The variable is the body's own.
local seen = {}
for i = 1, 3 do
  seen[#seen + 1] = function() return i end
  i = i * 10
end
assert(seen[1]() == 10 and seen[3]() == 30)
-- Generic loops: over tables, functions, metamethods, with a closing value.
local t = { 10, 20, 30, x = 1, y = 2 }
local keys, sum = 0, 0
for k, v in pairs(t) do keys, sum = keys + 1, sum + v end
assert(keys == 5 and sum == 63)
for k in pairs(t) do t[k] = nil end
assert(next(t) == nil)
local function range(n) return function(s, c) if c < s then return c + 1, c * c end end, n, 0 end
local squares = 0
for _, sq in range(4) do squares = squares + sq end
assert(squares == 0 + 1 + 4 + 9)
local p = setmetatable({}, { __pairs = function() return range(2) end })
local turns = 0
for _ in pairs(p) do turns = turns + 1 end
assert(turns == 2)
local proxy = setmetatable({}, { __index = function(_, i) if i <= 3 then return i * 2 end end })
local twice = 0
for _, v in ipairs(proxy) do twice = twice + v end
assert(twice == 12)
local closed
for i in range(5), 5, 0, setmetatable({}, { __close = function() closed = true end }) do
  if i == 3 then break end
end
assert(closed)
-- while, repeat, break, goto as continue.
local n = 0
while true do
  n = n + 1
  if n > 5 then break end
end
repeat local done = n == 8; n = n + 1 until done
assert(n == 9)
local odd = {}
for i = 1, 6 do
  if i % 2 == 0 then goto continue end
  odd[#odd + 1] = i
  ::continue::
end
assert(#odd == 3 and odd[3] == 5)
do
  local i = 1
  ::top::
  local f = function() return i end
  i = i + 1
  if i < 4 then goto top end
  assert(f() == 4)
end
-- Each turn of a goto loop makes new variables.
local fs = {}
do
  local k = 0
  ::again::
  local mine = k
  fs[#fs + 1] = function() mine = mine + 1; return mine end
  k = k + 1
  if k < 3 then goto again end
end
assert(fs[1]() == 1 and fs[1]() == 2 and fs[3]() == 3)
