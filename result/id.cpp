// SPDX-License-Identifier: BSD-2-Clause
// The only place that makes ids and takes them apart. An id is its family and whatever else it has,
// joined by dots; only the parts of a signing combination are joined by dashes. Read `to_string`
// first; `parse_id` is its inverse.
#include "result/id.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace tpmprobe {
namespace {

/// Of `Family`, in its order.
constexpr std::array<std::string_view, 18> kFamilies{
    "",    "identity", "capability", "state", "session", "rng",    "clock",  "time", "hash",
    "key", "sign",     "sign.known", "ssh",   "direct",  "pkcs11", "import", "fapi", "store"};
constexpr std::string_view kServer = "server";  // the step of ssh that is of all ways

std::string_view word_of(Family family) {
  return kFamilies.at(static_cast<std::size_t>(family));
}

/// What the last dot splits; without one everything is behind it.
std::array<std::string, 2> split(std::string_view text) {
  const auto dot = text.rfind('.');
  if (dot == std::string_view::npos) return {"", std::string(text)};
  return {std::string(text.substr(0, dot)), std::string(text.substr(dot + 1))};
}

/// "rsapss-rsa2048-sha3-256". The name of a key may have a dash too.
ProbeId combination(std::string_view text) {
  const auto scheme_end = text.find('-');
  const auto key_end = std::min(text.find("-sha"), text.find("-sm3"));
  if (scheme_end == 0 || key_end == std::string_view::npos || key_end <= scheme_end + 1) return {};
  return {.family = Family::sign,
          .key = std::string(text.substr(scheme_end + 1, key_end - scheme_end - 1)),
          .scheme = std::string(text.substr(0, scheme_end)),
          .hash = std::string(text.substr(key_end + 1))};
}

ProbeId with_rest(Family family, std::string_view rest) {
  auto [first, last] = split(rest);
  switch (family) {
    case Family::sign:
      return combination(rest);
    case Family::key:
      return {.family = family, .key = std::string(rest)};
    case Family::hash:
      return {.family = family, .hash = std::string(rest)};
    case Family::ssh:
      if (rest == kServer) return {.family = family, .step = last};
      return {.family = family, .key = first, .scheme = last};
    case Family::session:
    case Family::direct:
    case Family::pkcs11:
    case Family::import:
    case Family::fapi:
    case Family::store:
      return {.family = family, .way = first, .step = last};
    default:
      return {.family = family, .subject = std::string(rest)};
  }
}

}  // namespace

std::string to_string(const ProbeId& id) {
  std::string text(word_of(id.family));
  if (id.family == Family::sign) return text + "." + id.scheme + "-" + id.key + "-" + id.hash;
  for (const auto* part : {&id.subject, &id.way, &id.key, &id.scheme, &id.hash, &id.step}) {
    if (!part->empty()) text.append(text.empty() ? "" : ".").append(*part);
  }
  return text;
}

ProbeId without_step(ProbeId id) {
  return with_step(std::move(id), "");
}

ProbeId with_step(ProbeId way, std::string step) {
  way.step = std::move(step);
  return way;
}

ProbeId parse_id(std::string_view text) {
  ProbeId id;
  for (std::size_t at = 1; at < kFamilies.size(); ++at) {  // "sign.known" comes after "sign"
    const auto word = kFamilies.at(at);
    const auto rest = text.substr(std::min(text.size(), word.size()));
    if (!text.starts_with(word) || (!rest.empty() && rest.front() != '.')) continue;
    id = with_rest(static_cast<Family>(at), rest.substr(std::min<std::size_t>(rest.size(), 1)));
  }
  return to_string(id) == text ? id : ProbeId{Family::other, std::string(text)};
}

}  // namespace tpmprobe
