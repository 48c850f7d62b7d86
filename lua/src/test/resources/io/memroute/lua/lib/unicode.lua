equal(utf8.char(72, 228, 8364, 0x10FFFF), "Hä€\u{10FFFF}")
equal(utf8.char(), "")
equal(utf8.char(0x7FFFFFFF), "\xFD\xBF\xBF\xBF\xBF\xBF")
fails("bad argument #1 to 'char' (value out of range)", function() utf8.char(-1) end)
equal(utf8.len("äöü"), 3)
equal(results(utf8.len("ab\xff")), "nil 3")
equal(utf8.len("äöü", -4), 2)
equal(results(utf8.len("\u{D800}", 1, -1)), "nil 1")
equal(utf8.len("\u{D800}", 1, -1, true), 1)
equal(results(utf8.codepoint("aä€", 1, -1)), "97 228 8364")
fails("invalid UTF-8 code", utf8.codepoint, "\xff")
fails("bad argument #2 to 'codepoint' (out of bounds)", function() utf8.codepoint("abc", 4) end and function() utf8.codepoint("abc", -4) end)
equal(utf8.offset("aä€x", 3), 4)
equal(utf8.offset("aä€x", -1), 7)
equal(utf8.offset("aä€x", 0, 5), 4)
equal(utf8.offset("abc", 5), nil)
fails("initial position is a continuation byte", utf8.offset, "ä", 1, 2)
local seen = {}
for p, c in utf8.codes("aä€") do seen[#seen + 1] = p .. ":" .. c end
equal(table.concat(seen, " "), "1:97 2:228 4:8364")
fails("invalid UTF-8 code", function() for _ in utf8.codes("a\xffb") do end end)
local chars = {}
for c in ("aä€"):gmatch(utf8.charpattern) do chars[#chars + 1] = c end
equal(table.concat(chars, "|"), "a|ä|€")
