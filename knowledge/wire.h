// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "knowledge/command_table.h"

namespace tpmprobe::knowledge {

/// One value found while reading a command or response by the command table.
struct WireField {
  /// Part 3 and Part 2 names joined by dots, elements of a list by index:
  /// "inPublic.publicArea.parameters.rsaDetail.keyBits", "capabilityData.data.algorithms.0.alg".
  /// A structure comes before its members. A TPM2B has a ".size", and what it holds is ".buffer"
  /// (empty or encrypted ones too) or its structure; a list has a ".count" and its elements; a
  /// union has the member that was selected. Type names of what Part 2 gives none: "BYTE",
  /// "BYTE[32]", "BYTE[counted]", "BYTE[]". In `read_structure` the whole has the empty path.
  std::string path;
  std::string_view type;    ///< Part 2 name, "TPMI_RSA_KEY_BITS"
  std::size_t offset = 0;   ///< first octet, from the start of the command or response
  std::size_t size = 0;     ///< octets
  std::uint64_t value = 0;  ///< if it is an integer; for a buffer or structure 0
  bool is_integer = false;
};

/// Why octets are not what the table says.
struct WireError {
  std::size_t offset = 0;
  std::string message;  ///< "parameters end 3 octets early in signature.ecdsa.r"
};

template <typename T>
using WireExpected = tl::expected<T, WireError>;

/// One entry of the authorization area (Part 1, 18.6 and 18.7).
struct WireAuth {
  std::uint32_t session = 0;  ///< 0 in responses
  std::span<const std::uint8_t> nonce;
  std::uint8_t attributes = 0;
  std::span<const std::uint8_t> hmac;  ///< the password for TPM_RS_PW
};

/// The parts of a command; the spans point into the octets that were given.
struct WireCommand {
  std::uint16_t tag = 0;
  std::uint32_t code = 0;
  const CommandInfo* info = nullptr;
  std::vector<std::uint32_t> handles;
  std::vector<WireAuth> auths;
  std::size_t parameters_offset = 0;
  std::span<const std::uint8_t> parameters;
};

/// The parts of a response.
struct WireResponse {
  std::uint16_t tag = 0;
  std::uint32_t rc = 0;
  std::vector<std::uint32_t> handles;
  std::size_t parameters_offset = 0;
  std::span<const std::uint8_t> parameters;
  std::vector<WireAuth> auths;
};

/// TPM_CC of a command, 0 if it is too short to have one.
std::uint32_t command_code(std::span<const std::uint8_t> command);

/// Response code of a response, 0 if it is too short to have one.
std::uint32_t response_code(std::span<const std::uint8_t> response);

/// Splits a command into its areas. Fails on a wrong tag, a wrong size, a code that the table does
/// not have, or areas that do not fit.
WireExpected<WireCommand> split_command(std::span<const std::uint8_t> command);

/// Splits the response to a command of this `info` that carried `sessions` authorizations. Fails if
/// header, tag, sizes, number of handles or number of authorizations are impossible for it.
WireExpected<WireResponse> split_response(const CommandInfo& info, std::size_t sessions,
                                          std::span<const std::uint8_t> response);

/// Reads all parameters of a split command to its last octet; nothing may be left over. If the
/// first parameter is encrypted (decrypt session), its inside is one opaque field.
WireExpected<std::vector<WireField>> read_parameters(const WireCommand& command);

/// The same for a response.
WireExpected<std::vector<WireField>> read_parameters(const CommandInfo& info,
                                                     const WireResponse& response);

/// Only checks the shapes of the parameters, allocating nothing: for every response that passes.
WireExpected<void> check_parameters(const CommandInfo& info, const WireResponse& response);

/// Reads one structure of Part 2 by its name from the start of `octets`, for example a
/// "TPM2B_PUBLIC" from a file. `consumed` is what it took.
struct WireStructure {
  std::vector<WireField> fields;
  std::size_t consumed = 0;
};
WireExpected<WireStructure> read_structure(std::string_view type,
                                           std::span<const std::uint8_t> octets);

/// The field at this path, or null.
const WireField* find_field(std::span<const WireField> fields, std::string_view path);

}  // namespace tpmprobe::knowledge
