-- Make closures that share and change a variable, and call them.
local function counter()
  local n = 0
  return function(by)
    n = n + by
    return n
  end
end

local function map(t, f)
  local r = {}
  for i = 1, #t do
    r[i] = f(t[i])
  end
  return r
end

local numbers = {}
for i = 1, 100 do
  numbers[i] = i
end

return function()
  local sum = 0
  for i = 1, 100 do
    local c = counter()
    c(1)
    sum = sum + c(i)
  end
  local factor = 3
  local scaled = map(numbers, function(x) return x * factor end)
  return sum + scaled[100]
end
