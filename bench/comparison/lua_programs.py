"""Whole programs in Lua: CPU seconds in C Lua and in memroute, the start of the JVM and its compiling included."""

import os
import subprocess

from .contestants import CHECKOUT

PROGRAMS = ("fib", "tables", "strings", "methods", "closures", "coroutines", "sieve", "queens", "trees", "floats")

# The longest takes three seconds on a quiet machine.
RUN_LIMIT_SECONDS = 120


class RunFailed(Exception):
    """A program failed, did not end, or printed something else than in C Lua."""


def compare(name, lua, memroute, rounds):
    """The least CPU seconds of a program in C Lua and in memroute, in turns."""
    file = CHECKOUT / f"bench/lua/{name}.lua"
    theirs, mine = [], []
    for _ in range(rounds):
        seconds, expected = _run([lua, str(file)])
        theirs.append(seconds)
        seconds, printed = _run(memroute.lua(file))
        mine.append(seconds)
        if printed != expected:
            raise RunFailed(f"{name}.lua: memroute printed {printed[:200]!r} instead of {expected[:200]!r}")
    return min(theirs), min(mine)


def _run(command):
    """CPU seconds, user and system, of a process and its children, and what it printed."""
    before = os.times()
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=RUN_LIMIT_SECONDS,
                              check=False)
    except subprocess.TimeoutExpired as e:
        raise RunFailed(f"{' '.join(command)}: not finished after {RUN_LIMIT_SECONDS} s") from e
    after = os.times()
    if done.returncode != 0:
        raise RunFailed(f"{' '.join(command)}: status {done.returncode}, {done.stderr[-200:]!r}")
    return (after.children_user - before.children_user + after.children_system - before.children_system, done.stdout)
