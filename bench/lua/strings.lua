local parts = {}
local n = 0
for r = 1, 120 do
  for i = 1, 5000 do
    parts[i] = string.format("%d:%s", i, "abc" .. i)
  end
  local s = table.concat(parts, ",")
  for w in s:gmatch("(%d+):") do n = n + #w end
  local g = s:gsub("abc", "xyz")
  n = n + #g
  if s:find("4999:abc4999", 1, true) then n = n + 1 end
  for i = 1, #s, 10 do n = n + s:byte(i) end
  n = n + #s:upper() + #s:sub(1, 100) + #s:rep(3)
end
print(n)
