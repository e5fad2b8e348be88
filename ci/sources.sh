# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Sourced by the other scripts (after build.sh): what is checked. Every function lists files, NUL
# after each, from the root of the clone.

# shellcheck disable=SC2154  # root is build.sh's
tree() { (cd "$root" && find . -mindepth 1 -type d -name 'build*' -prune -o -name .git -prune -o -type f -print0); }

cpp_sources() { tree | grep -zE '\.(cpp|h)$'; }

# By their first line: most scripts here have no suffix.
shell_scripts() {
  tree | (cd "$root" && xargs -0 grep -lZm1 -E '^#!/bin/(ba)?sh|^# shellcheck shell=' --) |
    grep -zvE '\.(md|py)$'
}
