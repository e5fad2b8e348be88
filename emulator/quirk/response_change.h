// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "emulator/quirk/effects.h"

namespace tpmprobe::emulator {

/// What becomes of a field: it and its octets go in, other octets come out.
using FieldChange = std::function<Bytes(const knowledge::WireField&, ByteView)>;

/// Changes the first field of the response that the pattern names, and makes its parameterSize and
/// its HMACs right again; nothing happens if it has no such field or is no success.
void change_response(Exchange& exchange, std::string_view pattern, const FieldChange& change);

/// The same with these octets for the field; no octets: no change.
void put(Exchange& exchange, std::string_view pattern, const Bytes& octets);

/// The octets of the first field that the pattern names; none if there is no such.
ByteView octets_at(const tpm::Parameters& parameters, std::string_view pattern);

/// The value of the first field that the pattern names, a TPM_ALG_ID; 0 if there is no such.
std::uint16_t value_at(const tpm::Parameters& parameters, std::string_view pattern);

/// Whether nothing but passwords authorizes the command: it has no HMAC, which would be good for
/// one try only and for no other parameters or names.
bool has_passwords_only(const tpm::WireExchange& command);

/// Whether a session encrypts the first parameter of the command or of its response, so that it can
/// be neither read nor replaced (Part 1, 21).
bool is_encrypted(const tpm::WireExchange& command);

}  // namespace tpmprobe::emulator
