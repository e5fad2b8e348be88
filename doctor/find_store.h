// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>

#include "doctor/machine.h"
#include "host/pkcs11/store.h"

namespace tpmprobe::doctor {

/// The store that tpm2-pkcs11 opens on this machine (find_pkcs11_store). Empty if there is none.
std::string find_store(const Machine& machine);

/// What stands in it; nullopt if there is none, or with `error` set if it cannot be read.
std::optional<host::Pkcs11Store> read_store(const Machine& machine, std::string& error);

/// Private keys of all tokens.
std::size_t count_keys(const host::Pkcs11Store& store);

}  // namespace tpmprobe::doctor
