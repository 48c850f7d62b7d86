# shellcheck shell=bash
# The JVM options memroute is started with, each with its reason. Sourced by ./memroute and by the packaged bin/memroute.
# The jar also runs without any (`java -jar`); these make it start faster and stay smaller. What stands in MEMROUTE_JAVA_OPTS comes
# after them and wins.
jvm_options=(
  # Netty uses its fastest memory access only where this is allowed.
  --sun-misc-unsafe-memory-access=allow
  # Grows when it has to; a proxy rarely has to, as requests allocate nothing in the steady state.
  -Xms32m
  # The heap holds the embedded store, whose size is -m's to limit; the JVM's own limit, a quarter of the machine, is for others.
  -XX:MaxRAMPercentage=75
  # No statistics file in /tmp; jcmd and jstack still attach by process id.
  -XX:-UsePerfData
)
# The smallest collector: with 500 connections of 16 requests each under way it needs 180 MB in all, G1 315 MB, at the same cost per
# request. With gigabytes in the embedded store its pauses are long; then name another in MEMROUTE_JAVA_OPTS, as the JVM takes only one.
if [[ " ${MEMROUTE_JAVA_OPTS:-} " != *" -XX:+Use"*"GC "* ]]; then
  jvm_options+=(-XX:+UseSerialGC)
fi
