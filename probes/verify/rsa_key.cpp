// SPDX-License-Identifier: BSD-2-Clause
#include "probes/verify/rsa_key.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "knowledge/evidence.h"
#include "probes/verify/openssl.h"

namespace tpmprobe::probes {
namespace {

namespace evidence = knowledge::evidence;

constexpr std::uint32_t kDefaultExponent = 65537;

// The odd primes that divide the constant M of every key size of the flawed generator.
constexpr std::array<unsigned, 38> kRocaPrimes{
    3,  5,  7,  11, 13, 17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,  71,
    73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};

bool is_power_of_65537(unsigned residue, unsigned prime) {
  unsigned power = 1;
  do {
    if (power == residue) return true;
    power = power * (kDefaultExponent % prime) % prime;
  } while (power != 1);
  return false;
}

// A modulus of the generator is a power of 65537 modulo each of these primes. One of other origin
// is so by chance in one case of 2^27 (M. Nemec et al., "The Return of Coppersmith's Attack", 2017,
// 3.2: the fingerprint).
bool has_roca_fingerprint(const BIGNUM* modulus) {
  return std::all_of(kRocaPrimes.begin(), kRocaPrimes.end(), [&](unsigned prime) {
    return is_power_of_65537(static_cast<unsigned>(BN_mod_word(modulus, prime)), prime);
  });
}

}  // namespace

std::vector<KeyFault> rsa_key_faults(const tpm::PublicKey& key, unsigned bits) {
  std::vector<KeyFault> faults;
  const auto modulus = openssl::big_number(key.modulus);
  const auto length = static_cast<unsigned>(BN_num_bits(modulus.get()));
  if (key.exponent != kDefaultExponent) {
    faults.push_back({evidence::kExponent,
                      fmt::format("the public exponent is {} and not 65537", key.exponent)});
  }
  if (length != bits) {
    faults.push_back(
        {evidence::kShortModulus, fmt::format("the modulus has {} bits and not {}", length, bits)});
  }
  if (has_roca_fingerprint(modulus.get())) {
    faults.push_back(
        {evidence::kRoca, "the modulus has the fingerprint of CVE-2017-15361 and can be factored"});
  }
  return faults;
}

}  // namespace tpmprobe::probes
