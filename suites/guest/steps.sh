# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Sourced by the steps inside the guest.

# state DEVICE: everything that a run of tpmprobe must leave as it was.
state() {
  export TPM2TOOLS_TCTI="device:$1"
  for capability in handles-persistent handles-nv-index handles-transient handles-loaded-session \
    handles-saved-session properties-variable; do
    echo "# $capability"
    tpm2_getcap "$capability" || return
  done
  tpm2_pcrread
}

# transient DEVICE: the handles of the objects that are loaded.
transient() {
  TPM2TOOLS_TCTI="device:$1" tpm2_getcap handles-transient
}
