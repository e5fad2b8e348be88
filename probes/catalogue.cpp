// SPDX-License-Identifier: BSD-2-Clause
#include "probes/catalogue.h"

#include <algorithm>
#include <iterator>

#include "knowledge/text.h"
#include "probes/families/families.h"
#include "probes/families/keys.h"
#include "probes/families/signing.h"

namespace tpmprobe::probes {
namespace {

void append(std::vector<Probe>& to, std::vector<Probe> from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

std::vector<Probe> build() {
  std::vector<Probe> all = state_probes();
  append(all, service_probes());
  append(all, claim_probes());
  for (const KeyRow& row : key_rows()) {
    all.push_back(key_probe(row));
    append(all, signing_probes(row));
    append(all, ssh_probes(row));
  }
  append(all, known_key_probes());
  all.push_back(latency_probe());
  return all;
}

bool any_matches(const std::vector<std::string>& globs, std::string_view id) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return matches(glob, id); });
}

bool names_a_probe(const std::string& glob) {
  return std::any_of(catalogue().begin(), catalogue().end(),
                     [&](const Probe& probe) { return matches(glob, to_string(probe.id)); });
}

// In a quick run a key above the limit keeps its own probe, which then only asks TestParms.
bool is_too_slow(const Probe& probe, const Selection& selection) {
  return selection.quick && probe.rsa_bits > kQuickRsaLimit && probe.id.family != Family::key;
}

}  // namespace

const std::vector<Probe>& catalogue() {
  static const std::vector<Probe> kAll = build();
  return kAll;
}

bool matches(std::string_view glob, std::string_view id) {
  return knowledge::matches_glob(glob, id);
}

tl::expected<std::vector<const Probe*>, std::string> select(const Selection& selection) {
  for (const auto* words : {&selection.only, &selection.skip}) {
    const auto unknown = std::find_if_not(words->begin(), words->end(), names_a_probe);
    if (unknown != words->end()) return tl::unexpected(*unknown);
  }
  std::vector<const Probe*> selected;
  for (const Probe& probe : catalogue()) {
    const auto id = to_string(probe.id);
    const bool wanted = selection.only.empty() || any_matches(selection.only, id);
    if (wanted && !any_matches(selection.skip, id) && !is_too_slow(probe, selection)) {
      selected.push_back(&probe);
    }
  }
  return selected;
}

}  // namespace tpmprobe::probes
