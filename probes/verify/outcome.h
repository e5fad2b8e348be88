// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "probes/verify/verify.h"

namespace tpmprobe::probes {

/// The signature is not right, or the key is not one.
VerifyOutcome refused(std::string why);

/// Nobody here can tell.
VerifyOutcome not_checked(std::string why);

/// What a verifier that says only yes or no has said.
VerifyOutcome judged(bool valid);

/// "r has 31 octets, the group order 32", or nothing if the two are equal.
std::string size_defect(std::string_view what, std::size_t found, std::string_view measure,
                        std::size_t expected);

}  // namespace tpmprobe::probes
