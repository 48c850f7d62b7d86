-- Literals.
assert("\65\066\x43\u{44}\z
        E" == "ABCDE" and '\'' == "'" and "a\
b" == "a\nb")
assert("\u{7FFFFFFF}" == "\xFD\xBF\xBF\xBF\xBF\xBF" and "\u{20AC}" == "\xE2\x82\xAC" and #"\0\0" == 2)
assert([[
x]] == "x" and [==[a]]b]==] == "a]]b" and #[[

]] == 1)
assert(0xff == 255 and 0xA.8p1 == 21.0 and 0x.1p4 == 1.0 and 1e2 == 100.0 and .5 == 0.5 and 3. == 3.0 and 0xffffffffffffffff == -1)
assert(9223372036854775807 == math.maxinteger and math.type(9223372036854775808) == "float" and 0x1p-2 == 0.25)
--[==[ a long
comment ]==] assert(true) --[[x]] assert(true)
-- Precedence and associativity.
assert(2 ^ 3 ^ 2 == 512.0 and -2 ^ 2 == -4.0 and not nil == true and 2 + 3 * 4 == 14 and "a" .. "b" .. "c" == "abc")
assert(1 .. 2 == "12" and 5 - 3 - 1 == 1 and 1 << 2 + 1 == 8 and 6 & 3 | 8 == 10 and (2 < 3) == true and #"ab" + 1 == 3 and - - 2 == 2)
-- Semicolons, labels, nesting.
;;; do ; end
goto done; do assert(false) end ::done::
local t = { 1, 2; 3, [10] = "x", y = "z", ["w w"] = 1, { nested = true }, }
assert(#t == 4 and t[10] == "x" and t["w w"] == 1 and t[4].nested)
local s = type "x" .. type {} .. type [[y]]
assert(s == "stringtablestring")
-- _ENV is a variable like any other.
do
  local _ENV <const> = { assert = assert }
  x = 5
  assert(_ENV.x == 5 and x == 5)
end
assert(x == nil)
local function sandbox(_ENV) return y end
assert(sandbox { y = 3 } == 3)
local chunk = load("a = 1; return a, _ENV", "=c", "t", {})
local v, env = chunk()
assert(v == 1 and env.a == 1 and a == nil)
-- What is refused, with the message.
local function refused(text, message)
  local f, e = load(text, "=t")
  assert(not f and e == "t:" .. message, tostring(e))
end
refused("x =", "1: unexpected symbol near <eof>")
refused("x = 'a", "1: unfinished string near <eof>")
refused("x = 'a\n'", "1: unfinished string near ''a'")
refused("x = 3x", "1: malformed number near '3x'")
refused("for i = 1 do end", "1: ',' expected near 'do'")
refused("if x then", "1: 'end' expected near <eof>")
refused("if x then\n\nelse\n", "4: 'end' expected (to close 'if' at line 1) near <eof>")
refused("goto nowhere", "1: no visible label 'nowhere' for <goto> at line 1")
refused("do goto l; local a; ::l:: print(a) end", "1: <goto l> at line 1 jumps into the scope of local 'a'")
refused("::a:: ::a::", "1: label 'a' already defined on line 1")
refused("break", "1: break outside loop at line 1")
refused("local function f() return ... end", "1: cannot use '...' outside a vararg function near '...'")
refused("x = }", "1: unexpected symbol near '}'")
refused("f(", "1: unexpected symbol near <eof>")
refused("a.b:c = 1", "1: function arguments expected near '='")
refused("x = '\\q'", "1: invalid escape sequence near ''\\q'")
refused("x = '\\300'", "1: decimal escape too large near ''\\300''")
refused("x = '\\u{80000000}'", "1: UTF-8 value too large near ''\\u{80000000'")
refused("--[[ x", "1: unfinished long comment (starting at line 1) near <eof>")
refused("x = $", "1: unexpected symbol near '$'")
refused("return return", "1: unexpected symbol near 'return'")
refused("(a) = 1; (f()) = 2", "1: syntax error near '='")
local deep = string.rep("(", 300) .. "1" .. string.rep(")", 300)
local f, e = load("return " .. deep)
assert(not f and e:find("overflow"))
assert(load("return " .. string.rep("1 + ", 20000) .. "1")() == 20001)
