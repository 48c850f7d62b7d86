-- The sieve of Eratosthenes up to 5000.
return function()
  local composite = {}
  local count = 0
  for i = 2, 5000 do
    if not composite[i] then
      count = count + 1
      for k = i + i, 5000, i do
        composite[k] = true
      end
    end
  end
  return count
end
