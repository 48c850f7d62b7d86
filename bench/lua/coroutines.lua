local function gen(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
local s = 0
for r = 1, 25 do
  for v in gen(300000) do s = s + v end
end
for i = 1, 500000 do
  local co = coroutine.create(function(a) local b = coroutine.yield(a + 1) return b * 2 end)
  local _, x = coroutine.resume(co, i)
  local _, y = coroutine.resume(co, x)
  s = s + y
end
print(s)
