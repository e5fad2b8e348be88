// SPDX-License-Identifier: BSD-2-Clause
#include "probes/ssh/algorithms.h"

#include <algorithm>
#include <array>

#include "knowledge/algorithm_ids.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
namespace curve = knowledge::curve;

constexpr std::array kAlgorithms = {
    SshAlgorithm{"rsa-sha2-256", "ssh-rsa", alg::kSha256, 32, 0, ""},
    SshAlgorithm{"rsa-sha2-512", "ssh-rsa", alg::kSha512, 64, 0, ""},
    SshAlgorithm{"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", alg::kSha256, 32, curve::kNistP256,
                 "nistp256"},
    SshAlgorithm{"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384", alg::kSha384, 48, curve::kNistP384,
                 "nistp384"},
    SshAlgorithm{"ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521", alg::kSha512, 64, curve::kNistP521,
                 "nistp521"},
    SshAlgorithm{"ssh-ed25519", "ssh-ed25519", 0, 0, 0, "", false},
};

const SshAlgorithm* row(const SshAlgorithm* found) {
  return found == kAlgorithms.end() ? nullptr : found;
}

}  // namespace

std::span<const SshAlgorithm> ssh_algorithms() {
  return kAlgorithms;
}

const SshAlgorithm* find_ssh_algorithm(std::string_view name) {
  return row(std::ranges::find(kAlgorithms, name, &SshAlgorithm::name));
}

const SshAlgorithm* ssh_algorithm_of(const tpm::PublicKey& key) {
  const tpm::CurveId curve = key.type == tpm::KeyTemplate::Type::rsa ? tpm::CurveId{0} : key.curve;
  const bool nameless = key.type == tpm::KeyTemplate::Type::ecc && curve == 0;
  if (nameless) return nullptr;
  return row(std::ranges::find(kAlgorithms, curve, &SshAlgorithm::curve));
}

std::string advice_without_hash(const knowledge::Capabilities& capabilities) {
  const bool p256 = capabilities.has_curve(knowledge::curve::kNistP256) &&
                    capabilities.has_algorithm(knowledge::alg::kSha256);
  return p256 ? "Use an ecc256 key: ssh signs SHA-256 with it."
              : "Use an rsa2048 key: its digest can be padded outside the TPM.";
}

}  // namespace tpmprobe::probes
