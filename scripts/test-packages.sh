# shellcheck shell=bash
# install_test_packages installs the programs that the tests drive, by their Debian names, or says how. Sourced by ./test.

# A program of the package, and the package.
test_packages=(
  memcached:memcached
  # The clients of libmemcached.
  memccapable:libmemcached-tools
)

install_test_packages() {
  local missing=() entry
  for entry in "${test_packages[@]}"; do
    command -v "${entry%%:*}" >/dev/null || missing+=("${entry#*:}")
  done
  ((${#missing[@]})) || return 0

  if ! command -v apt-get >/dev/null; then
    echo "test: install these first (by their Debian names): ${missing[*]}" >&2
    exit 1
  fi
  if ((EUID != 0)); then
    echo "test: missing packages; run this and then ./test again:" >&2
    echo "  sudo apt-get install -y ${missing[*]}" >&2
    exit 1
  fi
  echo "installing ${missing[*]} ..." >&2
  export DEBIAN_FRONTEND=noninteractive
  local install=(apt-get install -qq -y --no-install-recommends "${missing[@]}")
  if ! "${install[@]}" </dev/null >/dev/null 2>&1; then
    # A new machine may have no package lists yet.
    apt-get update -qq </dev/null
    "${install[@]}" </dev/null >/dev/null
  fi
}
