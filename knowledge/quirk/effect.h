// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tpmprobe::knowledge {

/// Names fields of a command or response by their path in knowledge/wire.h. "..." stands for any
/// run of names, once: "digest.size", "inPublic...keyBits", "...hashAlg".
using FieldPattern = std::string;

/// An integer parameter has one of these values.
struct FieldIs {
  FieldPattern path;
  std::vector<std::uint64_t> values;
  std::string type = {};  ///< Part 2 name that the field must have as well; empty: any
};

/// An integer parameter lies in this range. The sizes of buffers are integers, too: "digest.size".
struct FieldRange {
  FieldPattern path;
  std::uint64_t at_least = 0;
  std::uint64_t at_most = std::numeric_limits<std::uint64_t>::max();
};

/// Which of the calls that meet the rest of a condition are meant; they count from 1.
struct Calls {
  unsigned from = 1;   ///< the first of them
  unsigned count = 0;  ///< so many of them; 0: all to come
  unsigned every = 1;  ///< of these the ones that this divides
};

/// When a rule applies: all that is given must hold.
struct Condition {
  std::vector<std::uint32_t> commands = {};  ///< TPM_CC; empty: any
  std::vector<std::uint32_t> except = {};    ///< TPM_CC that are not meant
  std::vector<std::uint32_t> handles = {};   ///< the command has one of them; empty: any
  std::vector<FieldIs> values = {};
  std::vector<FieldRange> ranges = {};
  /// At least so many transient objects are loaded before the command.
  std::optional<unsigned> loaded_objects = std::nullopt;
  /// Only so long after the first command that the TPM got.
  std::optional<std::chrono::milliseconds> first = std::nullopt;
  Calls calls = {};
};

/// The command is not executed; its answer is this code.
struct AnswerCode {
  std::uint32_t rc = 0;
  /// Add the number of the parameter that met the condition, as a format 1 code has it (Part 2,
  /// 6.6.3): TPM_RC_HASH 0x083 becomes 0x2c3 for the second parameter.
  bool at_parameter = false;
};

/// The lists of TPM2_GetCapability that entries can be missing from.
enum class CapabilityList : std::uint8_t {
  algorithms,  ///< TPM_ALG_ID
  handles,     ///< TPM_HANDLE
  commands,    ///< TPM_CC
  pcr_banks,   ///< TPM_ALG_ID of the bank's hash
  properties,  ///< TPM_PT
  curves,      ///< TPM_ECC_CURVE
};

/// TPM2_GetCapability does not list these. Counts and moreData are those of a TPM that does not
/// have them.
struct HideCapability {
  CapabilityList list = CapabilityList::algorithms;
  std::vector<std::uint32_t> entries;
};

/// TPM2_GetCapability lists these as well, each at its place by ascending key.
struct AddCapability {
  struct Entry {
    std::uint32_t key = 0;    ///< as `CapabilityList` says
    std::uint32_t value = 0;  ///< TPMA_ALGORITHM, TPMA_CC or value of the property; else unused
  };
  CapabilityList list = CapabilityList::algorithms;  ///< not pcr_banks
  std::vector<Entry> entries;
};

/// TPM2_GetCapability(TPM_CAP_TPM_PROPERTIES) gives this property, where it gives it, such a value.
struct SetProperty {
  std::uint32_t property = 0;
  std::uint32_t value = 0;
};

/// The first answer is given for ever after.
struct RepeatAnswer {
  bool more_data = false;  ///< with moreData set, if the answer has one: the list never ends
};

/// The command is not executed and never answered: the caller waits until its deadline.
struct NeverAnswer {};

/// The answer comes later by this much.
struct Delay {
  std::chrono::nanoseconds time{0};
};

/// The command is not executed and the connection ends.
struct CloseConnection {};

/// The last octets of the response are missing.
struct Truncate {
  std::size_t octets = 0;
  bool fix_size = false;  ///< the header tells the size that is left
};

/// The response has these octets behind its end.
struct Append {
  std::vector<std::uint8_t> octets;
  bool fix_size = false;  ///< the header counts them
};

/// The header of the response has this tag.
struct SetTag {
  std::uint16_t tag = 0;
};

/// The header of the response tells this size.
struct SetSize {
  std::uint32_t size = 0;
};

/// The command is not executed; its own octets are the answer.
struct Echo {};

/// What happens to one field. Buffers are meant by the path of their ".buffer"; whatever changes
/// their size changes the sizes around them, too.
enum class Change : std::uint8_t {
  set,                  ///< integer: to `value`
  add,                  ///< integer: `value` more, modulo its width
  flip_bit,             ///< buffer or structure: bit `value` of it, 0 the lowest of its first octet
  fill,                 ///< buffer: every octet to `value`
  resize,               ///< buffer: to `value` octets, cut or padded with zeros at its end
  pad_left,             ///< buffer: `value` zero octets in front
  strip_leading_zeros,  ///< buffer: without its leading zero octets
};

/// The response, if it is a success, with one field of it changed. Where the field lies in a
/// session HMAC and the key of that can be known, the HMAC is right again.
struct ChangeResponse {
  FieldPattern path;  ///< of a response field: "signature.signature.ecdsa.signatureR.buffer"
  Change change = Change::set;
  std::uint64_t value = 0;
};

/// The command is executed with one field of it changed, and answered by what comes of that.
struct ChangeCommand {
  FieldPattern path;  ///< of a parameter
  Change change = Change::set;
  std::uint64_t value = 0;
};

/// The command is executed again, up to `tries` times, until one of these buffers of its response
/// begins with a zero octet: what is rare comes at once.
struct UntilLeadingZero {
  std::vector<FieldPattern> paths;
  unsigned tries = 1;
};

/// TPM2_GetRandom draws from a generator with so many bits of seed.
struct WeakRandom {
  unsigned seed_bits = 16;
};

/// How the nonce of an ECDSA or ECSCHNORR signature is chosen.
enum class NonceShape : std::uint8_t {
  low_bits_fixed,  ///< its lowest `bits` bits are the number 1
  short_number,    ///< it has `bits` bits only
};

/// TPM2_Sign by a key whose private half the emulator holds (loaded in plain by
/// TPM2_LoadExternal, or substituted) is done here with such a nonce. Other keys sign as ever.
struct ReSignEcc {
  NonceShape nonce = NonceShape::low_bits_fixed;
  unsigned bits = 32;
};

/// How the salt of an RSASSA-PSS signature is chosen (RFC 8017, 9.1).
enum class SaltShape : std::uint8_t {
  maximum,   ///< as long as the modulus has room for
  empty,     ///< none
  constant,  ///< as long as the digest, the same octets each time
};

/// TPM2_Sign with RSAPSS by a key whose private half the emulator holds is done here.
struct ReSignPss {
  SaltShape salt = SaltShape::maximum;
};

/// What a key of the emulator's own looks like.
enum class KeyShape : std::uint8_t {
  sound,          ///< nothing is wrong with it: for effects that need the private half
  roca,           ///< RSA: primes k * M + (65537^a mod M), CVE-2017-15361
  exponent_3,     ///< RSA: the public exponent is 3 whatever the template says
  shared_prime,   ///< RSA: every modulus has one prime in common with the others
  short_modulus,  ///< RSA: 64 bits shorter than the template says
};

/// Keys that TPM2_Create makes (unrestricted ones of this type) are the emulator's own: their
/// public area, name and all later use are consistent.
struct SubstituteKey {
  std::uint16_t type = 0;  ///< TPM_ALG_RSA or TPM_ALG_ECC
  KeyShape shape = KeyShape::sound;
};

/// What a rule does to an exchange.
using QuirkEffect =
    std::variant<AnswerCode, HideCapability, AddCapability, SetProperty, RepeatAnswer, NeverAnswer,
                 Delay, CloseConnection, Truncate, Append, SetTag, SetSize, Echo, ChangeResponse,
                 ChangeCommand, UntilLeadingZero, WeakRandom, ReSignEcc, ReSignPss, SubstituteKey>;

struct Rule {
  Condition when;
  QuirkEffect effect;
};

}  // namespace tpmprobe::knowledge
