#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What people use without tpmprobe: 21 combinations of key, scheme and hash with tpm2-tools, each
# signature verified by openssl, on the TPM of $TPM2TOOLS_TCTI. One line on standard output: how
# many milliseconds the two RSA tpm2_create took. Ends with the first thing that fails.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo "what is signed" >message
rsa_milliseconds=0
tpm2_createprimary -Q -G ecc256 -c primary.ctx
tpm2_flushcontext -t
for key in rsa2048 rsa3072 ecc256 ecc384 ecc521; do
  before=${EPOCHREALTIME/./}
  tpm2_create -Q -C primary.ctx -G "$key" -u key.pub -r key.priv
  [[ $key == ecc* ]] || ((rsa_milliseconds += (${EPOCHREALTIME/./} - before) / 1000))
  tpm2_flushcontext -t
  tpm2_load -Q -C primary.ctx -u key.pub -r key.priv -c key.ctx
  tpm2_flushcontext -t
  tpm2_readpublic -Q -c key.ctx -f pem -o key.pem
  tpm2_flushcontext -t
  [[ $key == ecc* ]] && schemes=ecdsa || schemes="rsassa rsapss"
  for hash in sha256 sha384 sha512; do
    for scheme in $schemes; do
      tpm2_sign -Q -c key.ctx -g $hash -s "$scheme" -f plain -o signature message
      tpm2_flushcontext -t
      [[ $scheme == rsapss ]] && padding="-sigopt rsa_padding_mode:pss" || padding=""
      # shellcheck disable=SC2086 # two words, or none
      openssl dgst -$hash -verify key.pem $padding -signature signature message >/dev/null
    done
  done
done
echo "$rsa_milliseconds"
