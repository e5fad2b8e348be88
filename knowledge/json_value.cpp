// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/json_value.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace tpmprobe::knowledge {
namespace {

using Json = nlohmann::json;

// No file of ours is deeper; a text of nothing but brackets shall not cost the stack.
constexpr int kDeepest = 64;

// RFC 6901, 3: what a name must not hold as it is.
std::string escaped(std::string_view name) {
  std::string text;
  for (const char c : name) text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return text;
}

/// Refuses what the parser would take and a person would not: a member that hides another.
class Strictness {
 public:
  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > kDeepest) throw DocumentError{"", "is nested too deeply"};
    if (event == Json::parse_event_t::object_start) open_.emplace_back();
    if (event == Json::parse_event_t::object_end && !open_.empty()) open_.pop_back();
    if (event == Json::parse_event_t::key && !open_.empty()) {
      const auto name = parsed.get<std::string>();
      if (!open_.back().insert(name).second) {
        throw DocumentError{"", fmt::format("'{}' occurs twice in one object", name)};
      }
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> open_;
};

// "[json.exception.parse_error.101] parse error at line 1, column 2: ..." without its own prefix.
std::string reason_of(const Json::exception& error) {
  std::string text = error.what();
  if (const auto end = text.find("] "); end != std::string::npos) text.erase(0, end + 2);
  std::ranges::replace(text, '\n', ' ');
  return text;
}

}  // namespace

tl::expected<Json, DocumentError> parse_json(std::string_view text) {
  try {
    return Json::parse(text, Strictness());
  } catch (const DocumentError& error) {
    return tl::unexpected(error);
  } catch (const Json::exception& error) {
    return tl::unexpected(DocumentError{"", reason_of(error)});
  }
}

void JsonValue::fail(std::string reason) const {
  throw DocumentError{pointer_, std::move(reason)};
}

void JsonValue::require_members(std::initializer_list<std::string_view> needed,
                                std::initializer_list<std::string_view> allowed) const {
  if (!is_object()) fail("must be an object");
  for (const auto name : needed) {
    if (!has(name)) fail(fmt::format("'{}' is missing", name));
  }
  for (const auto& name : names()) {
    const auto is_known = [&](const auto& list) {
      return std::ranges::find(list, name) != list.end();
    };
    if (!is_known(needed) && !is_known(allowed))
      fail(fmt::format("'{}' is not allowed here", name));
  }
}

bool JsonValue::has(std::string_view name) const {
  return json_->is_object() && json_->contains(name);
}

JsonValue JsonValue::at(std::string_view name) const {
  if (!is_object()) fail("must be an object");
  if (!has(name)) fail(fmt::format("'{}' is missing", name));
  return {(*json_)[std::string(name)], pointer_ + "/" + escaped(name)};
}

std::vector<std::string> JsonValue::names() const {
  if (!is_object()) fail("must be an object");
  std::vector<std::string> all;
  for (const auto& item : json_->items()) all.push_back(item.key());
  return all;
}

std::vector<JsonValue> JsonValue::elements() const {
  if (!json_->is_array()) fail("must be an array");
  std::vector<JsonValue> all;
  for (std::size_t i = 0; i < json_->size(); ++i) {
    all.emplace_back((*json_)[i], fmt::format("{}/{}", pointer_, i));
  }
  return all;
}

std::string JsonValue::text() const {
  if (!json_->is_string()) fail("must be a string");
  return json_->get<std::string>();
}

std::vector<std::string> JsonValue::texts() const {
  std::vector<std::string> all;
  for (const auto& element : elements()) all.push_back(element.text());
  return all;
}

bool JsonValue::boolean() const {
  if (!json_->is_boolean()) fail("must be true or false");
  return json_->get<bool>();
}

double JsonValue::real() const {
  if (!json_->is_number()) fail("must be a number");
  return json_->get<double>();
}

std::uint64_t JsonValue::number(unsigned bits) const {
  std::uint64_t value = 0;
  if (json_->is_number_unsigned()) {
    value = json_->get<std::uint64_t>();
  } else if (json_->is_string() && text().starts_with("0x")) {
    const std::string digits = text().substr(2);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (error != std::errc() || end != digits.data() + digits.size()) {
      fail(fmt::format("'{}' is not a number", text()));
    }
  } else {
    fail("must be a number or \"0x...\"");
  }
  if (bits < 64 && value >> bits != 0) fail(fmt::format("is longer than {} bits", bits));
  return value;
}

}  // namespace tpmprobe::knowledge
