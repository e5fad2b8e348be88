// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/firmware/key_sizes.h"

#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "knowledge/command_codes.h"
#include "knowledge/wire.h"
#include "tpm/command_builder.h"

namespace tpmprobe::emulator {
namespace {

namespace alg = knowledge::alg;

constexpr std::uint16_t kAes = 0x0006, kSymcipher = 0x0025, kCfb = 0x0043;  // TPM_ALG_ID

/// TPM2_TestParms of a TPMT_PUBLIC_PARMS whose members are all UINT16.
Bytes test_parms(std::initializer_list<std::uint16_t> members) {
  tpm::CommandBuilder command(knowledge::cc::kTestParms);
  for (const std::uint16_t member : members) command.parameter(member);
  return command.build();
}

/// No symmetric algorithm, no scheme, the default exponent (0 in four octets).
Bytes rsa(std::uint16_t bits) {
  return test_parms({alg::kRsa, alg::kNull, alg::kNull, bits, 0, 0});
}

Bytes aes(std::uint16_t bits) {
  return test_parms({kSymcipher, kAes, bits, kCfb});
}

}  // namespace

Expected<std::vector<std::string>> missing_key_sizes(tpm::Transport& engine,
                                                     const knowledge::FirmwareProfile& profile) {
  std::vector<std::string> missing;
  const auto test = [&](const auto& sizes, Bytes (*command)(std::uint16_t),
                        std::string_view name) -> Expected<void> {
    if (!sizes) return {};
    for (const std::uint16_t bits : *sizes) {
      const auto response = engine.transmit(command(bits), tpm::kNoDeadline);
      if (!response) return tl::unexpected(response.error());
      if (knowledge::response_code(*response) != 0)
        missing.push_back(fmt::format("{}{}", name, bits));
    }
    return {};
  };
  return test(profile.rsa_bits, rsa, "rsa")
      .and_then([&] { return test(profile.aes_bits, aes, "aes"); })
      .map([&] { return std::move(missing); });
}

}  // namespace tpmprobe::emulator
