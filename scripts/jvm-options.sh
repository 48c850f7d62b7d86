# shellcheck shell=bash
# The JVM options memroute is started with, each with its reason. Sourced by ./memroute and by the packaged
# bin/memroute, whose arguments it sees. The jar also runs without any (`java -jar`); these make it start faster and
# stay smaller. What stands in MEMROUTE_JAVA_OPTS comes after them and wins.
jvm_options=(
  # Netty uses its fastest memory access only where this is allowed.
  --sun-misc-unsafe-memory-access=allow
  # Grows when it has to; a proxy rarely has to, as requests allocate nothing in the steady state.
  -Xms32m
  # No statistics file in /tmp; jcmd and jstack still attach by process id.
  -XX:-UsePerfData
)

# The heap takes a quarter of the memory at most, of the machine or of its control group, and buffers outside of it as
# much. Below half a gigabyte it is a third: by the JVM's own rule it would be a half, so that both together would be
# all there is.
jvm_options+=(-XX:MinRAMPercentage=33 -XX:MaxRAMPercentage=25)

# The smallest collector: with 500 connections of 16 requests each under way it needs 180 MB in all, G1 315 MB, at the
# same cost per request. With gigabytes in the embedded store its pauses are long; then name another in
# MEMROUTE_JAVA_OPTS, as the JVM takes only one.
if [[ " ${MEMROUTE_JAVA_OPTS:-} " != *" -XX:+Use"*"GC "* ]]; then
  jvm_options+=(-XX:+UseSerialGC)
fi

# What the JVM's compilers have used and freed stays with glibc; given back to the system every few seconds, which takes
# a millisecond or two, a busy proxy needs 25 MB less. Where there is no glibc, the JVM would warn.
if [[ $OSTYPE == linux-gnu* ]]; then
  jvm_options+=(-XX:+UnlockExperimentalVMOptions -XX:TrimNativeHeapInterval=5000)
fi

# A proxy that serves few clients sleeps between requests, and finds little in the processor's caches when it wakes.
# With its code in one piece, and code and heap on pages of 2 MB, fewer addresses have to be looked up again: up to a
# tenth less CPU for each request, for some megabytes more memory (docs/performance.md). Where the system forbids such
# pages, the JVM would warn.
jvm_options+=(-XX:-SegmentedCodeCache)
if [[ -r /sys/kernel/mm/transparent_hugepage/enabled ]]; then
  read -r huge_pages </sys/kernel/mm/transparent_hugepage/enabled || true
  if [[ $huge_pages != *"[never]"* ]]; then
    jvm_options+=(-XX:+UseTransparentHugePages)
  fi
fi

# The embedded store lives in the heap, which the JVM limits to a quarter of the machine's memory. A store that -m makes
# larger than a gigabyte gets a heap for it: a quarter more, for what each item costs, and half a gigabyte for
# everything else.
heap_for_the_store() {
  local megabytes=0 expected=
  local word
  for word; do
    if [[ -n $expected ]]; then
      megabytes=$word expected=
    fi
    case $word in
      -m | --memory-limit) expected=yes ;;
      -m[0-9]*) megabytes=${word#-m} ;;
      --memory-limit=*) megabytes=${word#*=} ;;
    esac
  done
  if [[ $megabytes =~ ^[0-9]{4,8}$ ]]; then
    jvm_options+=("-Xmx$((10#$megabytes * 5 / 4 + 512))m")
  fi
}
heap_for_the_store "$@"

# Beyond 32 GB references are twice as long. By its own rule the JVM stays below, but not once a share is named.
if [[ " ${jvm_options[*]} ${MEMROUTE_JAVA_OPTS:-}" != *" -Xmx"* ]]; then
  jvm_options+=(-XX:+UseCompressedOops)
fi

# Programs in Lua that resume coroutines take up to twice the time on processors with AVX-512: code of the JVM's
# compiler that clears small arrays with it makes the copying of stacks after it wait. Only for the command lua, as
# proxies have not been measured with it; only where there is AVX-512, as the JVM warns elsewhere.
lua_without_avx512() {
  local line
  [[ ${1:-} == lua && -r /proc/cpuinfo ]] || return 0
  while read -r line; do
    if [[ $line == flags*" avx512f "* ]]; then
      jvm_options+=(-XX:UseAVX=2)
    fi
    [[ $line != flags* ]] || return 0
  done </proc/cpuinfo
}
lua_without_avx512 "$@"

# A program in Lua usually runs for seconds, so every tenth of one counts that the JVM spends on something else. What
# the JVM learnt from a proxy while the ahead-of-time cache was made, it would compile at once. Room for young objects
# spares collections: a program makes tables, strings and numbers faster than a proxy does anything. A JVM that has
# other names for this does without.
options_for_lua_programs() {
  [[ ${1:-} == lua ]] || return 0
  jvm_options+=(-XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:-AOTReplayTraining)
  # A user's own bounds, which may be lower, are found wherever the JVM reads options.
  local given=" ${MEMROUTE_JAVA_OPTS:-} ${JDK_JAVA_OPTIONS:-} ${JAVA_TOOL_OPTIONS:-}"
  if [[ $given != *" -Xm"* && $given != *HeapSize* && $given != *NewSize* && $given != *RAM* ]]; then
    jvm_options+=(-Xms96m -Xmn48m)
  fi
}
options_for_lua_programs "$@"

# Starting from the ahead-of-time cache in file $1, if there is one. A cache that does not fit (another Java, another
# collector) is passed over; the JVM's complaints about it would only end up where the log belongs.
use_aot_cache() {
  if [[ -f $1 ]]; then
    jvm_options+=(-XX:AOTCache="$1" "-Xlog:aot*=off")
  fi
}
