local function counter() local c = 0 return function(d) c = c + d return c end end
local s = 0
for i = 1, 5000000 do
  local f = counter()
  f(1) f(2)
  s = s + f(i)
end
local function map(t, f) local r = {} for i = 1, #t do r[i] = f(t[i]) end return r end
local t = {} for i = 1, 1000 do t[i] = i end
for r = 1, 9000 do
  local k = r
  local u = map(t, function(x) return x * k end)
  s = s + u[#u]
end
print(s)
