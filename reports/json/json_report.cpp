// SPDX-License-Identifier: BSD-2-Clause
// The JSON form of a report, both ways. `Writer` and `Reader` are visitors of the table in
// members.h and have the same functions, a pair for each kind of row: what one makes of a member
// stands beside what the other expects. Read the table first, then the two in turn.
#include "reports/json/json_report.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <ostream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/members.h"

namespace tpmprobe::reports {
namespace {

using Json = nlohmann::ordered_json;
using Texts = std::vector<std::string>;

constexpr std::size_t kBitsPerOctet = 8;
constexpr std::string_view kNoReport = "is not a JSON report of tpmprobe";

// Nothing to say is null.
Json json_of(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json json_of(const Texts& texts) {
  return texts;
}

template <typename T>
Json json_of(const T& value) {
  return value;
}

template <typename T>
Json json_of(const std::optional<T>& value) {
  return value ? json_of(*value) : Json(nullptr);
}

class Writer {
 public:
  explicit Writer(Json& object) : at_(&object) {}

  void id(std::string_view key, const ProbeId& id) { put(key, to_string(id)); }
  void name(std::string_view key, const auto& text) { put(key, json_of(text)); }
  void words(std::string_view key, const auto& text) { put(key, json_of(text)); }
  void either(std::string_view key, const auto& first, const auto& second) {
    put(key, json_of(first ? first : second));
  }
  void named_words(std::string_view key, const auto& pairs) {
    object(key, [&] {
      for (const auto& [name, text] : pairs) words(name, text);
    });
  }
  void value(std::string_view key, const auto& value) { put(key, json_of(value)); }
  void milliseconds(std::string_view key, double value) {
    put(key, std::round(value * 1000) / 1000);
  }
  void hex(std::string_view key, std::uint32_t value, int digits) {
    put(key, knowledge::hex(value, digits));
  }
  void hex(std::string_view key, const std::optional<std::uint32_t>& value, int digits) {
    put(key, value ? Json(knowledge::hex(*value, digits)) : Json(nullptr));
  }
  void hex_list(std::string_view key, const auto& list, int digits) {
    elements(key, list, [&](auto value) { return Json(knowledge::hex(value, digits)); });
  }
  void octets(std::string_view key, const std::vector<std::uint8_t>& octets) {
    put(key, fmt::format("{:02x}", fmt::join(octets, "")));
  }
  void bits(std::string_view key, const std::vector<std::uint8_t>& octets) {
    Json set = Json::array();
    for (std::size_t at = 0; at < octets.size() * kBitsPerOctet; ++at) {
      if ((octets[at / kBitsPerOctet] >> (at % kBitsPerOctet) & 1U) != 0) set.push_back(at);
    }
    put(key, std::move(set));
  }
  template <typename Enum>
  void word(std::string_view key, Enum value) {
    put(key, knowledge::word_of(value));
  }
  void word(std::string_view key, TpmKind kind) {
    put(key, kind == TpmKind::unknown ? Json(nullptr) : Json(knowledge::word_of(kind)));
  }
  template <std::invocable Rows>
  void object(std::string_view key, Rows&& rows) {
    put(key, made(rows));
  }
  template <typename T, typename Rows>
  void object(std::string_view key, const std::optional<T>& value, Rows&& rows) {
    put(key, value ? made([&] { rows(*value); }) : Json(nullptr));
  }
  template <typename T>
  void object(std::string_view key, const std::optional<T>& value) {
    object(key, value, [&](const T& its) { members(*this, its); });
  }
  template <typename List, typename Rows>
  void list(std::string_view key, const List& list, Rows&& rows) {
    elements(key, list, [&](const auto& element) { return made([&] { rows(element); }); });
  }
  template <typename List>
  void list(std::string_view key, const List& list) {
    this->list(key, list, [&](const auto& element) { members(*this, element); });
  }
  void derived(std::string_view key, auto&& make) { put(key, json_of(make())); }
  void only_if(bool condition, auto&& rows) {
    if (condition) rows();
  }

 private:
  void put(std::string_view key, Json value) { (*at_)[std::string(key)] = std::move(value); }

  Json made(auto&& rows) {
    Json object = Json::object();
    Json* around = std::exchange(at_, &object);
    rows();
    at_ = around;
    return object;
  }

  template <typename T>
  void elements(std::string_view key, const std::vector<T>& list, auto&& make) {
    Json array = Json::array();
    for (const T& element : list) array.push_back(make(element));
    put(key, std::move(array));
  }
  // A list that could not be read.
  template <typename T>
  void elements(std::string_view key, const std::optional<std::vector<T>>& list, auto&& make) {
    list ? elements(key, *list, make) : put(key, nullptr);
  }

  Json* at_;
};

bool read(const Json& json, std::string& text) {
  if (!json.is_string()) return false;
  text = json.get<std::string>();
  return true;
}

bool read(const Json& json, bool& value) {
  if (!json.is_boolean()) return false;
  value = json.get<bool>();
  return true;
}

template <std::integral Number>
bool read(const Json& json, Number& number) {
  if (!json.is_number_unsigned()) return false;
  const auto wide = json.get<std::uint64_t>();
  if (!std::in_range<Number>(wide)) return false;
  number = static_cast<Number>(wide);
  return true;
}

template <typename T>
bool read(const Json& json, std::vector<T>& list) {
  if (!json.is_array()) return false;
  list.clear();
  for (const Json& element : json) {
    if (T value{}; read(element, value)) list.push_back(std::move(value));
  }
  return true;
}

/// "0x" and digits to the end.
template <std::integral Number>
bool read_hex(const Json& json, Number& number) {
  const auto text = json.is_string() ? json.get<std::string>() : "";
  if (!text.starts_with("0x")) return false;
  constexpr int kPrefix = 2, kBase = 16;
  Number value = 0;
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data() + kPrefix, end, value, kBase);
  if (error != std::errc{} || at != end) return false;
  number = value;
  return true;
}

class Reader {
 public:
  explicit Reader(const Json& object) : at_(&object) {}

  void id(std::string_view key, ProbeId& id) {
    if (std::string text; read(find(key), text)) id = parse_id(text);
  }
  void name(std::string_view key, auto& text) { take(key, text); }
  void words(std::string_view key, auto& text) { take(key, text); }
  void either(std::string_view key, auto& first, auto& /*second*/) { take(key, first); }
  void named_words(std::string_view key, auto& pairs) {
    const Json& object = find(key);
    if (!object.is_object()) return;
    for (const auto& [name, text] : object.items()) {
      pairs.emplace_back(name, "");
      read(text, pairs.back().second);
    }
  }
  void value(std::string_view key, auto& value) { take(key, value); }
  void milliseconds(std::string_view key, double& value) {
    const Json& json = find(key);
    if (json.is_number()) value = json.get<double>();
  }
  void hex(std::string_view key, std::integral auto& value, int /*digits*/) {
    read_hex(find(key), value);
  }
  void hex(std::string_view key, std::optional<std::uint32_t>& value, int /*digits*/) {
    std::uint32_t number = 0;
    if (read_hex(find(key), number)) value = number;
  }
  template <typename T>
  void hex_list(std::string_view key, std::optional<std::vector<T>>& list, int /*digits*/) {
    const Json& array = find(key);
    if (!array.is_array()) return;
    list.emplace();
    for (const Json& element : array) {
      if (T value = 0; read_hex(element, value)) list->push_back(value);
    }
  }
  void octets(std::string_view key, std::vector<std::uint8_t>& octets) {
    std::string digits;
    take(key, digits);
    constexpr std::size_t kDigits = 2;
    for (std::size_t at = 0; at + kDigits <= digits.size(); at += kDigits) {
      if (std::uint8_t octet = 0; read_hex("0x" + digits.substr(at, kDigits), octet)) {
        octets.push_back(octet);
      }
    }
  }
  void bits(std::string_view key, std::vector<std::uint8_t>& octets) {
    constexpr std::size_t kLeast = 3;  // of a TPMS_PCR_SELECTION: PCR_SELECT_MIN of a PC Client
    std::vector<std::uint8_t> set;     // 256 PCRs are more than any selection holds
    take(key, set);
    octets.assign(kLeast, 0);
    for (const std::size_t bit : set) {
      octets.resize(std::max(octets.size(), bit / kBitsPerOctet + 1));
      octets[bit / kBitsPerOctet] |= static_cast<std::uint8_t>(1U << (bit % kBitsPerOctet));
    }
  }
  template <typename Enum>
  void word(std::string_view key, Enum& value) {
    std::string word;
    take(key, word);
    value = knowledge::from_word<Enum>(word).value_or(value);
  }
  template <std::invocable Rows>
  void object(std::string_view key, Rows&& rows) {
    within(find(key), rows);
  }
  template <typename T, typename Rows>
  void object(std::string_view key, std::optional<T>& value, Rows&& rows) {
    const Json& object = find(key);
    if (object.is_object()) within(object, [&] { rows(value.emplace()); });
  }
  template <typename T>
  void object(std::string_view key, std::optional<T>& value) {
    object(key, value, [&](T& its) { members(*this, its); });
  }
  template <typename T, typename Rows>
  void list(std::string_view key, std::vector<T>& list, Rows&& rows) {
    const Json& array = find(key);
    if (!array.is_array()) return;
    for (const Json& element : array) {
      if (element.is_object()) within(element, [&] { rows(list.emplace_back()); });
    }
  }
  template <typename T, typename Rows>
  void list(std::string_view key, std::optional<std::vector<T>>& list, Rows&& rows) {
    if (find(key).is_array()) this->list(key, list.emplace(), rows);
  }
  template <typename List>
  void list(std::string_view key, List& list) {
    this->list(key, list, [&](auto& element) { members(*this, element); });
  }
  void derived(std::string_view /*key*/, auto&& /*make*/) {}
  void only_if(bool /*condition*/, auto&& rows) { rows(); }

 private:
  /// The member, null if there is none.
  [[nodiscard]] const Json& find(std::string_view key) const {
    static const Json kNone;
    const auto member = at_->find(std::string(key));
    return member == at_->end() ? kNone : *member;
  }

  void take(std::string_view key, auto& value) { read(find(key), value); }
  template <typename T>
  void take(std::string_view key, std::optional<T>& value) {
    if (T known{}; read(find(key), known)) value = std::move(known);
  }

  void within(const Json& object, auto&& rows) {
    const Json* around = std::exchange(at_, &object);
    rows();
    at_ = around;
  }

  const Json* at_;
};

}  // namespace

void write_json(const Report& report, std::ostream& out) {
  constexpr int kIndent = 2;
  Json whole = Json::object();
  Writer writer(whole);
  members(writer, report);
  out << whole.dump(kIndent, ' ', false, Json::error_handler_t::replace) << '\n';
}

tl::expected<Report, std::string> read_json(std::string_view text) {
  const Json whole = Json::parse(text, nullptr, false);
  std::string version;
  if (!whole.is_object() || !whole.contains("tpm") || !whole.contains("results") ||
      !whole.contains("schema_version") || !read(whole["schema_version"], version)) {
    return tl::unexpected(std::string(kNoReport));
  }
  if (!version.starts_with("1.")) {
    return tl::unexpected(
        fmt::format("has schema version {}; this tpmprobe reads version 1", version));
  }
  Report report;
  Reader reader(whole);
  members(reader, report);
  return report;
}

}  // namespace tpmprobe::reports
