local list, names = {}, { one = 1, two = 2.5, three = "3" }
-- Runs while the JVM records an ahead-of-time cache, for its classes alone: a little of everything that programs do.
-- It needs no profile, so everything happens once.
for i = 1, 100 do list[#list + 1] = i * 2 end
for i, v in ipairs(list) do list[i] = v + 0.5 end
for k, v in pairs(names) do names[k] = v ~= nil and k .. v end
for i = 10, 1, -2 do list[i] = nil end
table.sort(list, function(a, b) return (a or 0) > (b or 0) end)
table.insert(list, table.remove(list) or 1)
local text = table.concat({ 1, 2.5, "x" }, ",") .. table.unpack({ "y", 1 })

local Point = {}
Point.__index = Point
Point.__add = function(a, b) return Point.new(a.x + b.x, a.y // b.y) end
Point.__tostring = function(p) return string.format("%d:%s:%.3f:%5.2s:%x:%q", p.x, p.y, p.x / 3, "abc", 255, "q") end
function Point.new(x, y) return setmetatable({ x = x, y = y }, Point) end
function Point:length(...) return (self.x ^ 2 + self.y ^ 2) ^ 0.5, select("#", ...), ... end
text = text .. tostring(Point.new(1, 2) + Point.new(3, 4)) .. Point.new(3, 4):length(1, nil)

for word, number in ("abc1 def2"):gmatch("(%a+)(%d)") do text = text .. word .. tonumber(number) end
text = text:gsub("%d+", function(d) return d + 1 end):upper():rep(2, "-"):reverse():sub(1, -2)
local at = text:find("abc", 1, true) or text:match("^%s*(.-)%s*$") or text:byte(1, 3)

local steps = coroutine.wrap(function(a) while a do a = coroutine.yield(a + 1) end end)
local made = coroutine.create(function() return steps(1), steps(2) end)
local ok = coroutine.resume(made) and coroutine.status(made)
ok = pcall(error, { code = 1 }) or xpcall(function() local none; return none.field end, debug.traceback)
ok = load("local a <const>, b = 1, ... ; return a < b and a or not b, a & 3 | b << 1 ~ 2, 7 % -3, 7.5 // 2, -a, #'x'")
ok(3)
local n, sum = 0, 0.0
while true do
  n = n + 1
  repeat sum = sum + math.sin(n) * math.floor(n / 3) + math.max(n, 2) until n > 0
  if n > 50 then break elseif n % 2 == 0 then goto continue end
  sum = sum - (n < 10 and 1 or 2) * math.random(3)
  ::continue::
end
assert(type(sum) == "number" and os.time() > 0 and os.clock() >= 0 and #text + #tostring(sum) > 0 and rawlen(list))
io.write("")
