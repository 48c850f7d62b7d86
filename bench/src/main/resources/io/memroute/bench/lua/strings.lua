-- Build strings and take them apart again with patterns.
return function()
  local parts = {}
  for i = 1, 100 do
    parts[i] = "key:" .. i .. "=" .. string.format("%05d", i)
  end
  local s = table.concat(parts, ";")
  local sum = 0
  for k, v in string.gmatch(s, "key:(%d+)=(%d+)") do
    sum = sum + #k + tonumber(v)
  end
  if string.find(s, "key:99=", 1, true) then
    sum = sum + 1
  end
  return sum + #string.gsub(s, "key", "k") + #string.upper(s) + #string.sub(s, 10, 20)
end
