local count = 0
for r = 1, 20 do
  local flags = {}
  local n = 1000000
  count = 0
  for i = 2, n do flags[i] = true end
  for i = 2, n do
    if flags[i] then
      count = count + 1
      for k = i + i, n, i do flags[k] = false end
    end
  end
end
print(count)
