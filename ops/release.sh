# shellcheck shell=bash
# How a release is built. Sourced by ops/release and ops/verify-release, which have sourced scripts/maven.sh; JAVA_HOME
# is a JDK that fits.

# Builds commit $2 of the repository in directory $1 as version $3, in a clone of its own in the new directory $4; what
# follows are further words for Maven. The tar.gz depends on the commit, the version and the JDK alone.
build_commit() {
  local repository=$1 commit=$2 version=$3 clone=$4
  shift 4
  # A group's umask would show in the packages.
  umask 022
  git clone --quiet --no-checkout "$repository" "$clone"
  git -C "$clone" -c advice.detachedHead=false checkout --quiet "$commit"
  (cd "$clone" && run_maven -q -pl app -am -Dmaven.test.skip=true -Dquick "-Drevision=$version" package "$@")
}

# Compares two tar.gz of the same version, byte for byte. If they differ, it fails, and prints the names of the files
# that do; none differs if only times, rights or owners do.
differing_files() {
  local given=$1 built=$2 work
  cmp -s "$given" "$built" && return
  work=$(mktemp -d)
  mkdir "$work/given" "$work/built"
  tar -xzf "$given" -C "$work/given"
  tar -xzf "$built" -C "$work/built"
  (cd "$work" && diff -rq given built) || true
  rm -rf "$work"
  return 1
}
