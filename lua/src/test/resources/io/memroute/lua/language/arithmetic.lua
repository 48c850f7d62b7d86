-- Integers and floats are kept apart, and each operator has its rules.
assert(math.type(3) == "integer" and math.type(3.0) == "float")
assert(1 == 1.0 and math.type(1 + 1.0) == "float")
assert(7 // 2 == 3 and -7 // 2 == -4 and 7 // -2 == -4 and 7.0 // 2 == 3.0)
assert(7 % 3 == 1 and -7 % 3 == 2 and 7 % -3 == -2 and -7 % -3 == -1)
assert(5.5 % 2 == 1.5 and -5.5 % 2 == 0.5 and 5 % math.huge == 5.0 and -5 % math.huge == math.huge)
assert(math.type(6 / 2) == "float" and 2 ^ 2 == 4.0)
assert(math.maxinteger + 1 == math.mininteger and math.mininteger // -1 == math.mininteger and math.mininteger % -1 == 0)
assert(1 << 63 == math.mininteger and 1 << 64 == 0 and 1 << -1 == 0 and -1 >> 1 == math.maxinteger and 1 >> -2 == 4)
assert(5 & 3 == 1 and 5 | 3 == 7 and 5 ~ 3 == 6 and ~0 == -1 and 3.0 & 1 == 1)
assert("10" + 5 == 15 and "0x10" * 2 == 32 and "3.0" + 1 == 4.0 and -"2" == -2)
assert(10 .. 20 == "1020" and 1.5 .. "" == "1.5" and -0.0 .. "" == "-0.0")
assert(2 ^ 53 == 2 ^ 53 + 1.0 and math.maxinteger < math.maxinteger + 1.0 and math.maxinteger + 0.0 == 2 ^ 63)
assert(not (math.maxinteger + 0.0 == math.maxinteger) and math.mininteger + 0.0 == math.mininteger)
assert(1 < 1.5 and 2 > 1.5 and math.maxinteger < math.huge and not (0 / 0 <= 1) and not (0 / 0 == 0 / 0))
assert("a" < "b" and "a" < "ab" and "Z" < "a" and "\xff" > "a" and "a\0b" > "a\0a")
for _, bad in ipairs { "1 // 0", "1 % 0", "1.5 & 1", "'7' & 3", "2^63 | 0", "'a' + 1", "{} .. 'x'", "1 < 'x'", "{} < {}", "nil + 1", "#5" } do
  assert(not pcall(load("return " .. bad)), bad)
end
assert(1 // 0.0 == math.huge and -1 // 0.0 == -math.huge and 1 % 0.0 ~= 1 % 0.0)
-- The same on operands whose types are known only when it runs, and change.
local function apply(f, a, b) return f(a, b) end
local function add(a, b) return a + b end
assert(apply(add, 1, 2) == 3 and apply(add, 1.5, 2) == 3.5 and apply(add, "1", 2) == 3 and apply(add, 2, 0.5) == 2.5)
local function mixed(n)
  local i, x = 0, 0.0
  for k = 1, n do
    i = i + k
    x = x + i / 2
  end
  return i, x
end
local i, x = mixed(100)
assert(i == 5050 and math.type(i) == "integer" and x == 85850.0)
-- A variable that is first an integer, then a float.
local v = 1
v = v + 0.5
assert(v == 1.5)
local w = 10
w = w // 4
assert(w == 2 and math.type(w) == "integer")
w = w * 1.0
assert(math.type(w) == "float")
