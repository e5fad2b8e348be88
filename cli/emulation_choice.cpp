// SPDX-License-Identifier: BSD-2-Clause
#include "cli/emulation_choice.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/ostream.h>

#include "cli/terminal/near_words.h"
#include "cli/terminal/text_file.h"

namespace tpmprobe::cli {
namespace {

template <typename T>
using OrLine = tl::expected<T, std::string>;

std::string line_of(const std::string& file, const knowledge::DocumentError& error) {
  return error.pointer.empty() ? fmt::format("{}: {}", file, error.reason)
                               : fmt::format("{}: {}: {}", file, error.pointer, error.reason);
}

/// What no catalogue knows by name may be a file; else it is a name that was misspelt.
tl::unexpected<std::string> unknown(std::string_view what, const std::string& word,
                                    const std::vector<std::string_view>& names) {
  constexpr std::size_t kMost = 4;
  const auto near = near_words(word, names, kMost);
  return tl::unexpected(fmt::format("there is no {} \"{}\", and no such file; {}", what, word,
                                    near.empty()
                                        ? "tpmprobe emulator --list shows them"
                                        : fmt::format("close: {}", fmt::join(near, ", "))));
}

bool looks_like_file(const std::string& word) {
  std::error_code ignored;
  return word.find('/') != std::string::npos || std::filesystem::exists(word, ignored);
}

/// Reads a file by `read`, which gives a value or a DocumentError.
template <typename Read>
auto from_file(const std::string& file, Read&& read)
    -> OrLine<typename decltype(read(std::string_view{}))::value_type> {
  const auto text = read_text_file(file);
  if (!text) return tl::unexpected(fmt::format("{}: {}", file, text.error()));
  return read(std::string_view(*text)).map_error([&](const auto& error) {
    return line_of(file, error);
  });
}

OrLine<knowledge::FirmwareProfile> choose_firmware(const std::string& word) {
  if (auto known = knowledge::find_firmware(word)) return std::move(*known);
  if (!looks_like_file(word)) return unknown("firmware", word, knowledge::firmware_names());
  return from_file(word, knowledge::read_any_profile);
}

std::vector<std::string_view> quirk_words() {
  std::vector<std::string_view> words;
  for (const auto& quirk : knowledge::quirks()) {
    words.push_back(quirk.id);
    words.push_back(quirk.name);
  }
  return words;
}

OrLine<knowledge::Quirk> choose_quirk(const std::string& word) {
  if (const auto* known = knowledge::find_quirk(word)) return *known;
  if (!looks_like_file(word)) return unknown("quirk", word, quirk_words());
  return from_file(word, knowledge::read_quirk);
}

}  // namespace

void declare_emulation(CLI::App& app, EmulationWords& words) {
  app.add_option("--firmware", words.firmware,
                 "Pretend this firmware: a name, or a file (tpm2_getcap's text, JSON report)");
  app.add_option("--quirk", words.quirks, "Pretend this defect: id, name or file; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--latency", words.latency,
                 "measured: answer as late as the firmware was measured to; none (default)")
      ->check(CLI::IsMember({"measured", "none"}));
}

OrLine<emulator::EmulationSpec> read_emulation(const EmulationWords& words) {
  emulator::EmulationSpec spec;
  if (!words.firmware.empty()) {
    auto firmware = choose_firmware(words.firmware);
    if (!firmware) return tl::unexpected(firmware.error());
    spec.firmware = std::move(*firmware);
  }
  for (const auto& word : words.quirks) {
    auto quirk = choose_quirk(word);
    if (!quirk) return tl::unexpected(quirk.error());
    spec.quirks.push_back(std::move(*quirk));
  }
  spec.measured_latency = words.latency == "measured";
  return spec;
}

reports::Emulation describe(const emulator::EmulationSpec& spec) {
  reports::Emulation emulation;
  if (spec.firmware) {
    emulation.firmware = spec.firmware->name;
    emulation.quirks = spec.firmware->quirks;
  }
  for (const auto& quirk : spec.quirks) emulation.quirks.push_back(quirk.id);
  return emulation;
}

void print_emulations(std::ostream& out) {
  fmt::print(out, "Firmware:\n");
  for (const auto name : knowledge::firmware_names()) fmt::print(out, "  {}\n", name);
  fmt::print(out, "\nQuirks:\n");
  for (const auto& quirk : knowledge::quirks()) {
    fmt::print(out, "  {:<4} {:<34} {}\n", quirk.id, quirk.name, quirk.title);
  }
}

}  // namespace tpmprobe::cli
