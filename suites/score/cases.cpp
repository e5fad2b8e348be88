// SPDX-License-Identifier: BSD-2-Clause
#include "suites/score/cases.h"

#include <nlohmann/json.hpp>

#include "explain/read/decoder_texts.h"
#include "knowledge/text.h"

namespace tpmprobe::score {
namespace {

using Json = nlohmann::json;

/// FNV-1a: a split that no one chose, and that new cases do not change.
std::uint32_t hash_of(const std::string& id) {
  std::uint32_t hash = 0x811C9DC5U;
  for (const char c : id) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x01000193U;
  return hash;
}

std::set<std::string> codes_of(const Json& list) {
  std::set<std::string> codes;
  for (const auto& code : list) codes.insert(normal_code(code.get<std::string>()));
  return codes;
}

FieldCase read_case(const Json& row) {
  FieldCase field_case{.id = row.at("id"),
                       .source = row.at("source"),
                       .log = row.at("log"),
                       .cause_class = row.at("class"),
                       .confirmed = row.at("confirmed"),
                       .in_log = codes_of(row.at("codes_in_log")),
                       .meant = codes_of(row.at("codes")),
                       .held_out = false};
  field_case.held_out = hash_of(field_case.id) % 3 == 0;
  return field_case;
}

}  // namespace

std::string normal_code(const std::string& text) {
  if (text.starts_with("CKR 0x"))
    return "CKR " + std::to_string(std::stoul(text.substr(4), nullptr, 16));
  const auto mention = text.starts_with("0x") ? explain::read_code(text) : std::nullopt;
  return mention ? knowledge::hex(mention->code, 1) : text;
}

std::vector<FieldCase> read_cases(std::istream& in) {
  std::vector<FieldCase> cases;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) cases.push_back(read_case(Json::parse(line)));
  }
  return cases;
}

}  // namespace tpmprobe::score
