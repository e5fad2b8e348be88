# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Sourced by the other scripts: configure and build a preset, from anywhere, once at a time.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# Objects of another clone are as good: the folder's name goes into debug information only.
export CCACHE_NOHASHDIR=1

# shellcheck source=ci/packages.sh
. "$root/ci/packages.sh"

# locked COMMAND...: runs it while no other of these scripts works on this clone.
locked() {
  mkdir -p "$root/build"
  local status=0
  exec 9>"$root/build/.lock"
  flock 9
  "$@" 9>&- || status=$?
  exec 9>&-
  return "$status"
}

# configured PRESET: whether its build folder was made here and for this clone.
configured() {
  local folder=$root/build/$1
  [ -e "$folder/build.ninja" ] &&
    grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt"
}

# Debian's programs before others of the same name: a Python of one's own may lack jsonschema.
debian_first=/usr/bin:/bin:$PATH

# build PRESET [TARGET...]: up to date in no time if nothing changed.
build() {
  local -x PATH=$debian_first
  local preset=$1
  shift
  cd "$root" || return
  configured "$preset" || cmake --fresh --preset "$preset" || return
  cmake --build --preset "$preset" ${1:+--target "$@"}
}
