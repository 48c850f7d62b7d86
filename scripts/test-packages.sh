# shellcheck shell=bash
# Installs the programs that the tests and checks drive, by their Debian names, and clients from npm. Sourced by ./test
# and .ci/run.

# A program of the package, and the package.
test_packages=(
  memcached:memcached
  # An old proxy to move from.
  nutcracker:nutcracker
  # The clients of libmemcached.
  memccapable:libmemcached-tools
  # Answers questions for names.
  dnsmasq:dnsmasq-base
  # Passes sockets to a server as systemd does; checks the unit.
  systemd-socket-activate:systemd
  # Tells the addresses of clients.
  haproxy:haproxy
  # Makes certificates, and speaks TLS.
  openssl:openssl
  # Speaks TLS to a server of values.
  nginx:nginx-light
  # Hashes passwords.
  htpasswd:apache2-utils
  # With the extensions below.
  php:php-cli
  # Scrapes the metrics; promtool checks the rules of ops/.
  prometheus:prometheus
  # Read the completions and the manual page of the packages.
  zsh:zsh
  fish:fish
  groff:groff-base
  # Builds the programs that ask libmemcached, and compute placements a second time.
  gcc:gcc
  # Runs the clients of npm.
  node:nodejs
  npm:npm
  # Build the image, and run it.
  buildah:buildah
  podman:podman
  runc:runc
  # Opens the console, and the program that steers it.
  chromium:chromium
  chromedriver:chromium-driver
)

# Installs Debian packages as root, and fails if that cannot be.
install_packages() {
  command -v apt-get >/dev/null && ((EUID == 0)) || return 1
  echo "installing $* ..." >&2
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@")
  if ! "${install[@]}" </dev/null >/dev/null 2>&1; then
    # A new machine may have no package lists yet.
    apt-get update -qq </dev/null && "${install[@]}" </dev/null >/dev/null
  fi
}

# Installs the clients of npm, or says how and exits.
install_npm_packages() {
  if ! scripts/install-npm-clients; then
    echo "test: the clients of npm are missing; run this and then ./test again:" >&2
    echo "  scripts/install-npm-clients" >&2
    exit 1
  fi
}

# Installs what the tests need, or says how and exits.
install_test_packages() {
  local missing=() entry
  for entry in "${test_packages[@]}"; do
    command -v "${entry%%:*}" >/dev/null || missing+=("${entry#*:}")
  done
  [[ $(php -m 2>/dev/null) == *memcached* ]] || missing+=(php-memcached)
  [[ -f /usr/lib/nginx/modules/ngx_stream_module.so ]] || missing+=(libnginx-mod-stream)
  php -r "exit(class_exists('Memcache') ? 0 : 1);" 2>/dev/null || missing+=(php-memcache)
  # Debian's own Python, whichever the PATH has.
  /usr/bin/python3 -c 'import pymemcache' 2>/dev/null || missing+=(python3-pymemcache)
  /usr/bin/python3 -c 'import pylibmc' 2>/dev/null || missing+=(python3-pylibmc)
  /usr/bin/python3 -c 'import memcache' 2>/dev/null || missing+=(python3-memcache)
  ruby -e 'require "dalli"' 2>/dev/null || missing+=(ruby ruby-dalli)
  [[ -f /usr/include/stdio.h ]] || missing+=(libc6-dev)
  [[ -f /usr/include/libmemcached/memcached.h ]] || missing+=(libmemcached-dev)
  [[ -f /usr/include/xxhash.h ]] || missing+=(libxxhash-dev)
  if ((${#missing[@]} == 0)) || install_packages "${missing[@]}"; then
    install_npm_packages
    return 0
  fi

  if command -v apt-get >/dev/null; then
    echo "test: missing packages; run this and then ./test again:" >&2
    echo "  sudo apt-get install -y ${missing[*]}" >&2
  else
    echo "test: install these first (by their Debian names): ${missing[*]}" >&2
  fi
  exit 1
}
