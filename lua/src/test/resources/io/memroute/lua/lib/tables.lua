local function list(t) return table.concat(t, ",") end

local t = {1, 2, 3}
table.insert(t, 4) equal(list(t), "1,2,3,4")
table.insert(t, 1, 0) equal(list(t), "0,1,2,3,4")
table.insert(t, 3, "x") equal(list(t), "0,1,x,2,3,4")
table.insert(t, #t + 1, "end") equal(list(t), "0,1,x,2,3,4,end")
equal(table.remove(t), "end")
equal(table.remove(t, 1), 0)
equal(table.remove(t, 2), "x")
equal(list(t), "1,2,3,4")
equal(table.remove(t, #t + 1), nil)
equal(table.remove({}), nil)
equal(table.remove({[0] = "zero"}, 0), "zero")
fails("bad argument #2 to 'insert' (position out of bounds)", function() table.insert(t, 6, 1) end)
fails("bad argument #2 to 'remove' (position out of bounds)", function() table.remove(t, 7) end)
fails("wrong number of arguments to 'insert'", table.insert, t)
fails("wrong number of arguments to 'insert'", table.insert, t, 1, 2, 3)
fails("bad argument #1 to 'insert' (table expected, got number)", function() table.insert(1, 2) end)

equal(table.concat({1, 2.5, "x"}, "-"), "1-2.5-x")
equal(table.concat({}), "")
equal(table.concat({1, 2, 3}, ",", 2), "2,3")
equal(table.concat({1, 2, 3}, ",", 2, 2), "2")
equal(table.concat({1, 2, 3}, ",", 3, 2), "")
fails("invalid value (table) at index 2 in table for 'concat'", table.concat, {1, {}})

equal(results(table.unpack({1, 2, 3})), "1 2 3")
equal(results(table.unpack({1, 2, 3}, 2)), "2 3")
equal(results(table.unpack({}, 1, 3)), "nil nil nil")
equal(results(table.unpack({1, 2}, math.maxinteger, math.maxinteger)), "nil")
fails("too many results to unpack", table.unpack, {}, 1, 1e8)
fails("too many results to unpack", table.unpack, {}, math.mininteger, math.maxinteger)
local p = table.pack(1, nil, 3, nil)
equal(p.n, 4) equal(p[1], 1) equal(p[3], 3) equal(p[4], nil)

equal(list(table.move({1, 2, 3}, 1, 3, 2)), "1,1,2,3")
equal(list(table.move({1, 2, 3}, 2, 3, 1)), "2,3,3")
equal(list(table.move({1, 2, 3}, 1, 3, 1, {})), "1,2,3")
fails("too many elements to move", function() table.move({}, math.mininteger, math.maxinteger, 1) end and
  function() local ok, e = pcall(table.move, {}, math.mininteger, math.maxinteger, 1) error((e:gsub("^.*%((.*)%)$", "%1")), 0) end)

-- sorting
local function sorted(t, f) table.sort(t, f) return list(t) end
equal(sorted{3, 1, 2}, "1,2,3")
equal(sorted{3.5, -1, 2, 1e10, -0.5}, "-1,-0.5,2,3.5,10000000000.0")
equal(sorted{"b", "a", "B", "", "ab"}, ",B,a,ab,b")
equal(sorted({1, 2, 3}, function(a, b) return a > b end), "3,2,1")
local big = {}
for i = 1, 5000 do big[i] = (i * 7919) % 5003 end
table.sort(big)
for i = 2, #big do assert(big[i - 1] <= big[i]) end
table.sort(big, function(a, b) return a > b end)
for i = 2, #big do assert(big[i - 1] >= big[i]) end
fails("attempt to compare string with number", table.sort, {1, "x", 2})
fails("invalid order function for sorting", table.sort, {1, 2, 3, 4, 5}, function() return true end)
fails("bad argument #2 to 'sort' (function expected, got number)", function() table.sort({1, 2}, 1) end)
local objects = {}
for i = 1, 100 do objects[i] = setmetatable({v = (i * 37) % 101}, {__lt = function(a, b) return a.v < b.v end}) end
table.sort(objects)
for i = 2, 100 do assert(objects[i - 1].v < objects[i].v) end

-- an order function may yield
local co = coroutine.wrap(function()
  local t = {3, 1, 2}
  table.sort(t, function(a, b) coroutine.yield(".") return a < b end)
  return list(t)
end)
local result repeat result = co() until result ~= "."
equal(result, "1,2,3")

-- metamethods
local log = {}
local proxy = setmetatable({}, {
  __len = function() return 3 end,
  __index = function(_, i) log[#log + 1] = "get" .. i return i * 10 end,
  __newindex = function(_, i, v) log[#log + 1] = "set" .. i .. "=" .. tostring(v) end,
})
equal(table.concat(proxy, " "), "10 20 30")
equal(results(table.unpack(proxy)), "10 20 30")
log = {}
table.insert(proxy, "x") equal(list(log), "set4=x")
log = {}
equal(table.remove(proxy, 2), 20)
equal(list(log), "get2,get3,set2=30,set3=nil")
fails("object length is not an integer", table.unpack, setmetatable({}, {__len = function() return 1.5 end}))
fails("bad argument #1 to 'sort' (array too big)", function() table.sort(setmetatable({}, {__len = function() return math.maxinteger end})) end)
