// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tpmprobe::reports::plain {

/// The parts of the id of a signing probe.
struct Combination {
  std::string scheme, key, hash;
};

/// "sign.rsapss-rsa2048-sha3-256" is rsapss, rsa2048, sha3-256; nullopt for any other id.
std::optional<Combination> parse_combination(std::string_view id);

}  // namespace tpmprobe::reports::plain
