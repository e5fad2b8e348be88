// SPDX-License-Identifier: BSD-2-Clause
#include "suites/mutation/injected.h"

#include <algorithm>

#include "probes/catalogue.h"

namespace tpmprobe::suites {
namespace {

bool names_a_probe(const std::string& glob) {
  return std::ranges::any_of(probes::catalogue(), [&](const probes::Probe& probe) {
    return probes::matches(glob, to_string(probe.id));
  });
}

}  // namespace

std::vector<std::string> probes_for(const knowledge::Quirk& quirk) {
  std::vector<std::string> wanted{"identity"};
  for (const knowledge::Symptom& symptom : quirk.symptoms) {
    // Symptoms of any probe show in the quick ones, too.
    if (symptom.results.empty())
      wanted.insert(wanted.end(), {"capability.*", "state.*", "*p256*", "sign.known.*"});
    std::ranges::copy_if(symptom.results, std::back_inserter(wanted), names_a_probe);
  }
  return wanted;
}

RunSpec injected(const knowledge::Quirk& quirk, std::span<const knowledge::Quirk> known) {
  RunSpec spec;
  spec.only = probes_for(quirk);
  spec.emulation.quirks = {quirk};
  spec.known = known;
  return spec;
}

std::vector<knowledge::Quirk> without(const knowledge::Quirk& quirk) {
  std::vector<knowledge::Quirk> others = knowledge::quirks();
  std::erase_if(others, [&](const knowledge::Quirk& other) { return other.id == quirk.id; });
  return others;
}

std::vector<const Result*> results_with(const reports::Report& report, std::string_view quirk) {
  std::vector<const Result*> results;
  for (const auto& reported : report.results) {
    if (reported.result.quirk == quirk) results.push_back(&reported.result);
  }
  return results;
}

}  // namespace tpmprobe::suites
