// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/bytes.h"

namespace tpmprobe::tpm {

/// The Name of an object: nameAlg and the digest of its public area, a TPMT_PUBLIC in its wire form
/// (Part 1, 16 "Names"). Empty if the area is too short to have a nameAlg, or OpenSSL does not have
/// that hash.
Bytes name_of(ByteView public_area);

}  // namespace tpmprobe::tpm
