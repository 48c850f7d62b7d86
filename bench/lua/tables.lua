local N = 200
local s = 0
for r = 1, N do
  local t = {}
  for i = 1, 50000 do t[#t+1] = i * 2 end
  for i, v in ipairs(t) do s = s + v end
  local h = {}
  for i = 1, 5000 do h["k" .. (i % 500)] = i end
  for k, v in pairs(h) do s = s + v end
  for i = 1, #t, 7 do t[i] = nil end
end
print(s)
