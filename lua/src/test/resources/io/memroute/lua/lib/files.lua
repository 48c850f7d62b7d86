local name = os.tmpname()
local f = assert(io.open(name, "w"))
equal(io.type(f), "file")
equal(f:write("first\n", 2, " ", 3.5, "\n", "0x1F -7 1e2 nope\n", "last"), f)
equal(f:seek("cur"), 33)
equal(f:close(), true)
equal(io.type(f), "closed file")
equal(tostring(f), "file (closed)")
fails("attempt to use a closed file", f.read, f)

f = assert(io.open(name))
equal(f:read(), "first")
equal(results(f:read("n", "n")), "2 3.5")
equal(f:read("L"), "\n")
equal(results(f:read("n", "n", "n")), "31 -7 100.0")
equal(results(f:read("n", "l")), "nil")
equal(f:read("l"), "nope")
equal(f:read(2), "la")
equal(f:read(0), "")
equal(f:read("a"), "st")
equal(f:read("a"), "")
equal(f:read("l"), nil)
equal(f:read(0), nil)
equal(f:seek("set", 2), 2)
equal(f:read(3), "rst")
equal(f:seek("end"), 33)
equal(results(f:write("x")), "nil Bad file descriptor 9")
equal(results(f:seek("set", -1)), "nil Invalid argument 22")
fails("bad argument #1 to 'read' (invalid format)", function() f:read("x") end)
f:close()

-- reading and writing at one position
f = assert(io.open(name, "r+"))
equal(f:read(2), "fi")
f:write("RS")
equal(f:read(2), "t\n")
f:seek("set") equal(f:read("l"), "fiRSt")
f:close()
f = assert(io.open(name, "a+"))
f:write("\nappended") f:seek("set", 0) equal(f:read("l"), "fiRSt")
f:write("!") f:close()

local lines = {}
for line in io.lines(name) do lines[#lines + 1] = line end
equal(lines[#lines], "appended!")
equal(#lines, 5)
for a, b in io.lines(name, 1, "L") do equal(a, "f") equal(b, "iRSt\n") break end
local iterator = io.lines(name, "a")
equal(#iterator(), 43)
fails("/nonexistent/x: No such file or directory", function() error(select(2, io.open("/nonexistent/x")), 0) end)
equal(results(io.open("/nonexistent/x")), "nil /nonexistent/x: No such file or directory 2")
fails("cannot open file '/nonexistent/x' (No such file or directory)", io.lines, "/nonexistent/x")
fails("bad argument #2 to 'open' (invalid mode)", function() io.open(name, "rw") end)
equal(results(io.stdout:close()), "nil cannot close standard file")
equal(io.type(42), nil)

-- default files
local old = io.output()
io.output(name) equal(io.write("via default"), io.output()) io.close()
fails("default output file is closed", io.write, "x")
io.output(old)
io.input(name) equal(io.read("a"), "via default") io.close(io.input())
fails("default input file is closed", io.read)
io.input(io.stdin)

-- to be closed
local kept
do local g <close> = assert(io.open(name)) kept = g end
equal(io.type(kept), "closed file")

local t = io.tmpfile()
t:write("abc") t:seek("set") equal(t:read("a"), "abc") t:close()

-- buffering
f = assert(io.open(name, "w"))
assert(f:setvbuf("no")) f:write("now")
local g = io.open(name) equal(g:read("a"), "now") g:close()
assert(f:setvbuf("full", 100)) f:write("later") f:flush()
g = io.open(name) equal(g:read("a"), "nowlater") g:close()
f:close()

assert(os.rename(name, name .. ".new"))
equal(results(os.rename(name, name)), "nil No such file or directory 2")
assert(os.remove(name .. ".new"))
equal(results(os.remove(name)), "nil " .. name .. ": No such file or directory 2")

-- programs
local p = assert(io.popen("echo one; echo two; exit 3"))
equal(p:read("l"), "one") equal(p:read("a"), "two\n")
equal(results(p:close()), "nil exit 3")
equal(results(os.execute("true")), "true exit 0")
equal(results(os.execute("exit 7")), "nil exit 7")
equal(os.execute(), true)
p = assert(io.popen("cat >" .. name, "w")) p:write("through cat") equal(results(p:close()), "true exit 0")
equal(io.open(name):read("a"), "through cat")
os.remove(name)
