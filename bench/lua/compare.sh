#!/bin/sh
# CPU seconds of whole programs, in C Lua and in memroute's Lua, the best of three runs each, and their ratio.
# usage: compare.sh [program...]
# LUA (default lua5.4) and MEMROUTE_LUA (default "<repository>/memroute lua") choose the commands.
cd "$(dirname "$0")" || exit 1
LUA=${LUA:-lua5.4}
MEMROUTE_LUA=${MEMROUTE_LUA:-../../memroute lua}
[ $# -gt 0 ] || set -- fib tables strings methods closures coroutines sieve queens trees floats

best() { # command... : user + system seconds, the least of three
  for _ in 1 2 3; do
    { command time -f "%U %S" "$@" > /tmp/compare.$$.out; } 2>&1 | tail -1 | awk '{ print $1 + $2 }'
  done | sort -n | head -1
}

# The commands are lists of words on purpose.
# shellcheck disable=SC2086
for program in "$@"; do
  c=$(best $LUA "$program.lua")
  cp /tmp/compare.$$.out /tmp/compare.$$.expected
  j=$(best $MEMROUTE_LUA "$program.lua")
  cmp -s /tmp/compare.$$.out /tmp/compare.$$.expected && same="" || same="  DIFFERENT OUTPUT"
  echo "$program $c $j $same" | awk '{ printf "%-12s %7.2f %7.2f  x %.2f %s %s\n", $1, $2, $3, $3 / $2, $4, $5 }'
done | tee /tmp/compare.$$.table
awk '{ sum += log($5); n++ } END { printf "geometric mean x %.2f\n", exp(sum / n) }' /tmp/compare.$$.table
rm -f /tmp/compare.$$.*
