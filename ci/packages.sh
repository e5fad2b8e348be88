# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Sourced by the other scripts: the one list of Debian packages, by purpose. The names are the same
# in Debian 12 and 13. The run-time libraries of tss2 come with their -dev package.

declare -A packages=(
  [build]="g++ cmake ninja-build pkgconf python3 libfmt-dev nlohmann-json3-dev libexpected-dev
    libcli11-dev libssl-dev libtss2-dev libtpms-dev libsqlite3-dev"
  [run]="openssh-client libtss2-tcti-tabrmd0"
  [test]="ccache libgtest-dev libgmock-dev libbenchmark-dev python3-jsonschema swtpm tpm2-tools tpm2-abrmd dbus-daemon
    openssl tpm2-openssl socat openssh-server libtpm2-pkcs11-1 libtpm2-pkcs11-tools sqlite3"
  [lint]="clang-format-19 clang-tidy-19 shellcheck codespell"
  [fuzz]="clang-19 libclang-rt-19-dev"
  [pages]="chromium"
  [npm]="nodejs npm"
  [guest]="qemu-system-x86 busybox-static swtpm tpm2-tools openssh-client openssh-server tpm2-abrmd dbus-daemon
    libtss2-tcti-tabrmd0 libtpm2-pkcs11-1 libtpm2-pkcs11-tools util-linux"
)

# need PURPOSE...: installs what is missing of those packages; silent if nothing is.
need() {
  local purpose missing words=
  local -a wanted absent
  for purpose in "$@"; do
    words+=" ${packages[$purpose]}"
  done
  read -r -d '' -a wanted <<<"$words" || true
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    return 0  # not Debian: whoever builds here brings the libraries, and CMake names what it misses
  fi
  missing=$(missing_packages "${wanted[@]}")
  [ -n "$missing" ] || return 0
  read -ra absent <<<"$missing"
  install_packages "${absent[@]}"
}

# missing_packages NAME...: the names that are not installed, on one line, each once.
missing_packages() {
  local name state
  local -A installed=()
  while read -r state name; do
    [ "$state" != installed ] || installed[$name]=yes
  done < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)
  for name in "$@"; do
    [ -n "${installed[$name]-}" ] || { printf '%s ' "$name"; installed[$name]=asked; }
  done
}

install_packages() {
  local -a as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
      echo "tpmprobe: these packages are missing, and installing them needs root or sudo: $*" >&2
      return 1
    }
    as_root=(sudo)
  fi
  echo "tpmprobe: installing $*" >&2
  apt_quietly "${as_root[@]}" "$@" 2>/dev/null || apt_quietly "${as_root[@]}" "$@" || {
    echo "tpmprobe: apt-get could not install $*" >&2
    return 1
  }
}

# apt_quietly [sudo] NAME...: one try; what apt-get says is shown only if it fails.
apt_quietly() {
  local -a as_root=()
  [ "$1" != sudo ] || { as_root=(sudo); shift; }
  local -a apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y
    -o DPkg::Lock::Timeout=300)
  local log status=0
  log=$(mktemp)
  { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "$@"; } \
    </dev/null >"$log" 2>&1 || { status=1; tail -n 20 "$log" >&2; }
  rm -f "$log"
  return "$status"
}
