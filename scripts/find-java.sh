# shellcheck shell=bash
# Finds a Java from 25 on. Sourced by ./memroute, ./test and the packaged bin/memroute; bash 3.2 is enough.
#
# find_java jdk    sets JAVA_HOME to a JDK of at least $oldest_java, or says what it found and how to get one, and exits
#                  with status 1
# find_java jre    is content with one that cannot compile

oldest_java=25

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

# What was looked at and did not fit, a line for each.
java_passed_over=

# Takes the Java in directory $1 if it is new enough and of the kind ($java_kind) that is needed; else notes it. $2 says
# where its name is from.
use_if_it_fits() {
  java_feature_version "$1"
  [[ $REPLY =~ ^[0-9]+$ ]] || return 1
  local found="Java $REPLY"
  if ((REPLY >= oldest_java)); then
    if [[ $java_kind == jre || -x $1/bin/javac ]]; then
      export JAVA_HOME=$1
      return 0
    fi
    found+=", without a compiler"
  fi
  # The same directory may have several names.
  [[ $java_passed_over == *"  $1 ("* ]] || java_passed_over+="  $1 ($found${2:+, from $2})"$'\n'
  return 1
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
  use_if_it_fits "${java%/bin/java}" "java on the PATH"
}

# Takes the first Java that fits in the places where people and package managers put them.
use_java_in_usual_places() {
  local home
  for home in \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/openjdk* /usr/local/*jdk* \
    /opt/java/* /opt/*jdk* /opt/*/*jdk* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* /usr/local/sdkman/candidates/java/* \
    "${HOME:-/nonexistent}"/.jdks/* "${HOME:-/nonexistent}"/.asdf/installs/java/* \
    "${HOME:-/nonexistent}"/.local/share/mise/installs/java/* "${HOME:-/nonexistent}"/.jabba/jdk/* \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/nonexistent}"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    use_if_it_fits "$home" && return
  done
  [[ -x /usr/libexec/java_home ]] && home=$(/usr/libexec/java_home -v "$oldest_java+" 2>/dev/null) \
    && use_if_it_fits "$home"
}

find_java() {
  java_kind=$1
  local wanted=JDK
  [[ $java_kind == jdk ]] || wanted=Java
  if [[ -n ${MEMROUTE_JAVA_HOME:-} ]]; then
    use_if_it_fits "$MEMROUTE_JAVA_HOME" && return
    echo "memroute: MEMROUTE_JAVA_HOME=$MEMROUTE_JAVA_HOME is no $wanted $oldest_java or later:" >&2
    if [[ -n $java_passed_over ]]; then
      printf '%s' "$java_passed_over" >&2
    else
      echo "  there is no bin/java in it that tells its version" >&2
    fi
    exit 1
  fi
  [[ -n ${JAVA_HOME:-} ]] && use_if_it_fits "$JAVA_HOME" JAVA_HOME && return
  use_java_on_path && return
  use_java_in_usual_places && return

  {
    echo "memroute: no $wanted $oldest_java or later found."
    echo "Looked at MEMROUTE_JAVA_HOME, JAVA_HOME, java on the PATH and the usual places (/usr/lib/jvm, SDKMAN, ...)."
    if [[ -n $java_passed_over ]]; then
      echo "What is there does not fit:"
      printf '%s' "$java_passed_over"
    else
      echo "There is no Java at all."
    fi
    cat <<'MESSAGE'
To get one:
  Debian/Ubuntu: apt-get install openjdk-25-jdk-headless
                 (or temurin-25-jdk from https://adoptium.net/installation/linux)
  Fedora/RHEL:   dnf install java-25-openjdk-devel
  macOS:         brew install openjdk
  SDKMAN:        sdk install java 25-tem
If it is installed elsewhere, set MEMROUTE_JAVA_HOME to its directory.
MESSAGE
  } >&2
  exit 1
}
