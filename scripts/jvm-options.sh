# shellcheck shell=bash
# The JVM options memroute is started with, each with its reason. Sourced by ./memroute and by the packaged bin/memroute.
# The jar also runs without any (`java -jar`); these make it start faster and stay smaller.
jvm_options=(
  # Netty uses its fastest memory access only where this is allowed.
  --sun-misc-unsafe-memory-access=allow
  # Requests allocate nothing in the steady state: a small heap and the smallest collector are right for a proxy.
  -XX:+UseSerialGC
  -Xms32m
  # No statistics file in /tmp; jcmd and jstack still attach by process id.
  -XX:-UsePerfData
)
