# shellcheck shell=bash
# Finds a Java 25. Sourced by ./memroute, ./test and the packaged bin/memroute; needs nothing newer than bash 3.2.
#
# find_java jdk    sets JAVA_HOME to a JDK 25, or explains how to get one and exits with status 1
# find_java jre    is content with one that cannot compile

# Sets REPLY to the feature version (25, 17, ...) of the Java in directory $1, or to "" if there is none. Reads the
# `release` file that every build of Java carries, because starting a JVM to ask costs more than the rest of a start
# together.
java_feature_version() {
  REPLY=
  [[ -x $1/bin/java ]] || return 0
  local line
  if [[ -r $1/release ]]; then
    while IFS= read -r line || [[ -n $line ]]; do
      if [[ $line == JAVA_VERSION=* ]]; then
        line=${line#JAVA_VERSION=}
        line=${line//\"/}
        REPLY=${line%%[.+-]*}
        return 0
      fi
    done <"$1/release"
  fi
  line=$("$1/bin/java" -version 2>&1 | head -n 1)
  if [[ $line =~ \"([0-9]+) ]]; then
    REPLY=${BASH_REMATCH[1]}
  fi
}

# Takes the Java in directory $1 if it is a Java 25 of the kind ($java_kind) that is needed.
use_if_java25() {
  java_feature_version "$1"
  [[ $REPLY == 25 ]] || return 1
  [[ $java_kind == jre || -x $1/bin/javac ]] || return 1
  export JAVA_HOME=$1
}

# The Java that the `java` on the PATH belongs to.
use_java_on_path() {
  local java
  java=$(command -v java) || return 1
  # /usr/bin/java is often a chain of links (Debian's alternatives); its home is where the chain ends.
  while [[ -L $java ]]; do
    local target
    target=$(readlink "$java")
    [[ $target == /* ]] || target=${java%/*}/$target
    java=$target
  done
  use_if_java25 "${java%/bin/java}"
}

find_java() {
  java_kind=$1
  if [[ -n ${MEMROUTE_JAVA_HOME:-} ]]; then
    use_if_java25 "$MEMROUTE_JAVA_HOME" && return
    java_feature_version "$MEMROUTE_JAVA_HOME"
    echo "memroute: MEMROUTE_JAVA_HOME=$MEMROUTE_JAVA_HOME is not a ${java_kind} 25 (its version: ${REPLY:-none})" >&2
    exit 1
  fi
  [[ -n ${JAVA_HOME:-} ]] && use_if_java25 "$JAVA_HOME" && return
  use_java_on_path && return

  local home
  for home in \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/openjdk* /usr/local/*jdk* \
    /opt/java/* /opt/*jdk* /opt/*/*jdk* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* /usr/local/sdkman/candidates/java/* \
    "${HOME:-/nonexistent}"/.jdks/* "${HOME:-/nonexistent}"/.asdf/installs/java/* \
    "${HOME:-/nonexistent}"/.local/share/mise/installs/java/* "${HOME:-/nonexistent}"/.jabba/jdk/* \
    /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/nonexistent}"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    use_if_java25 "$home" && return
  done
  if [[ -x /usr/libexec/java_home ]] && home=$(/usr/libexec/java_home -v 25 2>/dev/null); then
    use_if_java25 "$home" && return
  fi

  cat >&2 <<'MESSAGE'
memroute: no JDK 25 found. Looked at MEMROUTE_JAVA_HOME, JAVA_HOME, java on the PATH and the usual places
(/usr/lib/jvm, /opt, SDKMAN, ...). To get one:
  Debian/Ubuntu: apt-get install openjdk-25-jdk-headless
                 (or temurin-25-jdk from https://adoptium.net/installation/linux)
  Fedora/RHEL:   dnf install java-25-openjdk-devel
  macOS:         brew install openjdk@25
  SDKMAN:        sdk install java 25-tem
If it is installed elsewhere, set MEMROUTE_JAVA_HOME to its directory.
MESSAGE
  exit 1
}
