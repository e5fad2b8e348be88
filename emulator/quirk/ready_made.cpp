// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/ready_made.h"

#include <array>

#include "knowledge/algorithm_ids.h"
#include "knowledge/command_codes.h"

namespace tpmprobe::emulator {
namespace {

namespace alg = knowledge::alg;
namespace cc = knowledge::cc;

constexpr std::uint32_t kContextHash = 0x11A;  // TPM_PT_CONTEXT_HASH
constexpr std::uint32_t kMaxDigest = 0x120;    // TPM_PT_MAX_DIGEST
constexpr std::uint32_t kSha256Size = 32;
constexpr std::uint32_t kRcHash = 0x083;  // TPM_RC_HASH
constexpr std::uint32_t kRcSize = 0x095;  // TPM_RC_SIZE

constexpr std::array<std::uint16_t, 5> kMissing = {alg::kSha384, alg::kSha512, alg::kSha3_256,
                                                   alg::kSha3_384, alg::kSha3_512};

Condition any_command_with_missing_hash() {
  return {
      .values = {
          {.path = "...", .values = {kMissing.begin(), kMissing.end()}, .type = "TPMI_ALG_HASH"}}};
}

HideCapability without_missing(CapabilityList list) {
  return {list, {kMissing.begin(), kMissing.end()}};
}

Condition digest_longer_than_sha256() {
  return {.commands = {cc::kSign, cc::kVerifySignature},
          .ranges = {{.path = "digest.size", .at_least = kSha256Size + 1}}};
}

}  // namespace

Quirk p384_without_sha384() {
  // A TPM unmarshals parameters in their order: the size of the digest comes before the scheme.
  return {.id = "Q01",
          .name = "p384-without-sha384",
          .rules = {{digest_longer_than_sha256(), AnswerCode{kRcSize, true}},
                    {any_command_with_missing_hash(), AnswerCode{kRcHash, true}},
                    {{}, without_missing(CapabilityList::algorithms)},
                    {{}, without_missing(CapabilityList::pcr_banks)},
                    {{}, SetProperty{kMaxDigest, kSha256Size}},
                    {{}, SetProperty{kContextHash, alg::kSha256}}}};
}

}  // namespace tpmprobe::emulator
