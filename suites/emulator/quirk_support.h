// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "emulator/quirk/quirk_layer.h"
#include "suites/unit/tpm/layer_support.h"
#include "tpm/command_builder.h"

namespace tpmprobe::suites {

/// A defect of these rules that no file describes.
inline emulator::Quirk quirk_of(std::vector<emulator::Rule> rules) {
  emulator::Quirk quirk;
  quirk.id = "Q00";
  quirk.name = "test";
  quirk.rules = std::move(rules);
  return quirk;
}

/// A quirk layer with these rules over a script.
inline emulator::QuirkLayer with_rules(Script& script, std::vector<emulator::Rule> rules,
                                       tpm::Clock& clock) {
  return {script.transport(), {quirk_of(std::move(rules))}, clock};
}

inline Bytes get_capability(std::uint32_t capability, std::uint32_t property, std::uint32_t count) {
  return tpm::CommandBuilder(0x17a)
      .parameter(capability)
      .parameter(property)
      .parameter(count)
      .build();
}

/// The integers of this Part 2 type in the response to a command without sessions, in order.
inline std::vector<std::uint64_t> integers(const Bytes& command, const Bytes& response,
                                           std::string_view type) {
  tpm::WireExchange exchange{ByteView(command)};
  exchange.answer(response);
  EXPECT_FALSE(exchange.given().fields.empty());
  std::vector<std::uint64_t> values;
  for (const auto& field : exchange.given().fields) {
    if (field.type == type) values.push_back(field.value);
  }
  return values;
}

/// moreData of a response to TPM2_GetCapability.
inline bool has_more_data(const Bytes& response) {
  return response.at(10) != 0;
}

}  // namespace tpmprobe::suites
