-- Insert into the array part and the hash part of a table, then walk both.
return function()
  local t = {}
  for i = 1, 1000 do
    t[#t + 1] = i
  end
  local h = {}
  for i = 1, 200 do
    h["key" .. i % 50] = i
  end
  local sum = 0
  for _, v in ipairs(t) do
    sum = sum + v
  end
  for _, v in pairs(h) do
    sum = sum + v
  end
  return sum
end
