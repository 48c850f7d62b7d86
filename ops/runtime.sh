# shellcheck shell=bash
# What packages with a Java of their own have in common. Sourced by the scripts that build them; JAVA_HOME is a JDK that
# fits.

# Prints the tar.gz that `mvn package` has left in directory $1.
newest_tarball() {
  local tarballs
  tarballs=$(find "$1" -maxdepth 1 -name 'memroute-*.tar.gz' -printf '%T@ %p\n' 2>/dev/null | sort -rn)
  if [[ -z $tarballs ]]; then
    echo "no memroute-VERSION.tar.gz in $1: run \`mvn package\`" >&2
    return 1
  fi
  tarballs=${tarballs%%$'\n'*}
  echo "${tarballs#* }"
}

# Besides what jdeps finds: jcmd and flight recordings, to look into a proxy that runs.
runtime_modules=jdk.jcmd,jdk.jfr,jdk.management

# What libraries can use and memroute does not: JLine shows pictures with it. It would be a third of the whole.
needless_modules='java\.desktop'

# Makes directory $2 an installed memroute with its own Java, from the unpacked tar.gz in directory $1.
install_with_java() {
  local from=$1 to=$2 jar=$1/lib/memroute.jar modules native work
  mkdir -p "$to"
  cp -r "$from/bin" "$from/lib" "$to"
  modules=$("$JAVA_HOME/bin/jdeps" --multi-release base --ignore-missing-deps --print-module-deps "$jar" \
    | tr ',' '\n' | grep -vxE "$needless_modules" | paste -sd ,)
  "$JAVA_HOME/bin/jlink" --add-modules "$modules,$runtime_modules" --no-header-files --no-man-pages \
    --output "$to/runtime"
  # Netty would unpack its library into /tmp at each start, which need not be writable or may forbid programs.
  case $(uname -m) in
    x86_64) native=x86_64 ;;
    aarch64) native=aarch_64 ;;
    *) return 0 ;;
  esac
  work=$(mktemp -d)
  (cd "$work" && "$JAVA_HOME/bin/jar" xf "$jar" META-INF/native)
  install -D -m 644 -t "$to/lib/native" "$work"/META-INF/native/*_"$native".so
  rm -rf "$work"
}
