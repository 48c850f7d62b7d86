-- What the scripts of this directory check with. Every failure names the line of the check.

function equal(got, expected)
  if got ~= expected and not (got ~= got and expected ~= expected) then
    error(("expected %s, got %s"):format(string.format("%q", expected), type(got) == "table" and tostring(got) or string.format("%q", got)), 2)
  end
  if math.type(got) ~= math.type(expected) then
    error(("expected the %s %s, got the %s"):format(math.type(expected), expected, math.type(got)), 2)
  end
end

-- all results of a call, as text
function results(...)
  local all = table.pack(...)
  for i = 1, all.n do all[i] = tostring(all[i]) end
  return table.concat(all, " ")
end

-- calls and expects an error whose text ends with `message`
function fails(message, f, ...)
  local ok, got = pcall(f, ...)
  if ok then error("expected the error " .. message .. ", got none", 2) end
  if got:sub(-#message) ~= message then error(("expected the error %q, got %q"):format(message, got), 2) end
end
