equal(results(("hello world"):find("o w")), "5 7")
equal(results(("hello"):find("l", 1, true)), "3 3")
equal(results(("a.b"):find(".", 2, true)), "2 2")
equal(results(("hello"):find("")), "1 0")
equal(results(("hello"):find("", 6)), "6 5")
equal(results(("hello"):find("", 7)), "nil")
equal(results(("hello"):find("xyz")), "nil")
equal(results(("key = value"):find("(%w+)%s*=%s*(%w+)")), "1 11 key value")
equal(results(("key = value"):match("^(%w+)%s*=%s*(%w+)$")), "key value")
equal(("  trim  "):match("^%s*(.-)%s*$"), "trim")
equal(("2024-06-01"):match("%d+", 6), "06")
equal(results(("abc"):match("()b()")), "2 3")
equal(("f(a(b)c)d"):match("%b()"), "(a(b)c)")
equal(("THE (quick) fox"):gsub("%f[%a]%a+", "x"), "x (x) x")
equal(("hello hello"):match("(h%a+) %1"), "hello")

local words = {}
for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do words[#words + 1] = k .. v end
equal(table.concat(words, " "), "a1 b2")
local positions = {}
for p in ("abc"):gmatch("()") do positions[#positions + 1] = p end
equal(table.concat(positions, " "), "1 2 3 4")
local found = {}
for w in ("one two three"):gmatch("%a+", 5) do found[#found + 1] = w end
equal(table.concat(found, " "), "two three")
equal(("^a^a"):gmatch("^a")(), "^a")

equal(results(("hello world"):gsub("o", "0")), "hell0 w0rld 2")
equal(results(("hello world"):gsub("o", "0", 1)), "hell0 world 1")
equal(results(("hello"):gsub("", "-")), "-h-e-l-l-o- 6")
equal(results(("abc"):gsub("%w", "%0%0")), "aabbcc 3")
equal(results(("abc=xyz"):gsub("(%w+)=(%w+)", "%2=%1")), "xyz=abc 1")
equal(results(("abc"):gsub("b*", "x")), "xaxcx 3")
equal(results(("hello"):gsub("l+", {ll = "LL"})), "heLLo 1")
equal(results(("hello"):gsub("%w", {h = 1, e = false})), "1ello 5")
equal(results(("hello"):gsub("(h)(e)", function(a, b) return b .. a end)), "ehllo 1")
equal(results(("hello"):gsub("l", function() end)), "hello 2")
equal(results(("hello"):gsub("^h", "j")), "jello 1")
equal(results(("abc"):gsub("()", "%1")), "1a2b3c4 4")
equal(results(("x"):gsub("x", "%%")), "% 1")
fails("invalid use of '%' in replacement string", string.gsub, "x", "x", "%")
fails("invalid capture index %2", string.gsub, "x", "x", "%2")
fails("invalid replacement value (a table)", string.gsub, "x", "x", function() return {} end)
fails("bad argument #3 to 'gsub' (string/function/table expected, got nil)", function() string.gsub("x", "x", nil) end)
fails("malformed pattern (missing ']')", string.find, "a", "[a")
fails("malformed pattern (ends with '%')", string.find, "a", "%")
fails("unfinished capture", string.find, "a", "(a")
fails("pattern too complex", string.match, ("a"):rep(300) .. "b", ("a?"):rep(300) .. "b")

-- a pattern inside a pattern's callback
equal(("ab cd"):gsub("%a+", function(w) return (w:gsub("%a", function(c) return c:upper() .. "." end)) end), "A.B. C.D.")

-- yields inside callbacks and iterators
local co = coroutine.wrap(function()
  return ("abc"):gsub("%w", function(c) return coroutine.yield(c) end)
end)
equal(co(), "a") equal(co("1"), "b") equal(co("2"), "c")
equal(results(co("3")), "123 3")

-- long subjects
local long = ("x"):rep(100000) .. "y"
equal(#long:match(".*y"), 100001)
equal(long:find("y"), 100001)
equal(long:find(("x"):rep(20) .. "y"), 99981)
