// SPDX-License-Identifier: BSD-2-Clause
#include "walks/ssh/pkcs11_way.h"

#include <array>

#include <fmt/format.h>

#include "walks/ssh/key_way.h"
#include "walks/ssh/programs.h"

namespace tpmprobe::walks {
namespace {

constexpr std::array kRows{
    Pkcs11Row{"ecc256", "nistp256", "", false},
    Pkcs11Row{"ecc384", "nistp384", "", false},
    Pkcs11Row{"ecc521", "nistp521", "", false},
    Pkcs11Row{"ecc224", "nistp224", "", false},
    Pkcs11Row{"rsa2048", "", "", false},
    Pkcs11Row{"rsa3072", "", "", false},
    Pkcs11Row{"rsa4096", "", "", false},
    Pkcs11Row{"ecc256", "nistp256", "ecdsa:256", false},
    Pkcs11Row{"ecc256-openssh", "nistp256", "ecdsa:256", true},
    Pkcs11Row{"ecc384", "nistp384", "ecdsa:384", false},
    Pkcs11Row{"ecc384-openssh", "nistp384", "ecdsa:384", true},
    Pkcs11Row{"rsa2048", "", "rsa:2048", false},
    Pkcs11Row{"rsa2048-openssh", "", "rsa:2048", true},
};

const ProbeId kManyKeys{.family = Family::pkcs11, .way = "many-keys"};
const ProbeId kUnmanaged{.family = Family::pkcs11, .way = "unmanaged"};

ProbeId way_of(const Pkcs11Row& row) {
  return {.family = row.import_type.empty() ? Family::pkcs11 : Family::import,
          .way = std::string(row.id)};
}

void block_all(const Pkcs11Walk& walk, const std::string& why) {
  for (const auto& way : pkcs11_ways()) {
    if (!walk.wanted(way)) continue;
    WayStep step(walk.bench, with_step(way, "token"), to_string(way) + ": token",
                 "the programs of the PKCS#11 way are there");
    step.block(why);
    step.finish();
  }
}

/// What is missing, with the package that has it.
std::optional<std::string> obstacle() {
  auto missing = missing_program(pkcs11_programs());
  if (!missing && !pkcs11_module()) {
    missing = "the PKCS#11 module is not installed (package libtpm2-pkcs11-1)";
  }
  return missing;
}

void walk_managed(const Pkcs11Walk& walk, const Broker& broker) {
  const KeyWayTools tools{walk, broker, *pkcs11_module()};
  bool tried_wrong_pin = false;
  for (const auto& row : kRows) {
    const auto way = way_of(row);
    if (walk.bench.interrupted) return;
    if (!walk.wanted(way)) continue;
    const bool again = walk.wrong_pins == WrongPins::each ||
                       (walk.wrong_pins == WrongPins::once && !tried_wrong_pin);
    tried_wrong_pin = walk_key(tools, row, way, again) || tried_wrong_pin;
  }
  if (!walk.bench.interrupted && walk.wanted(kManyKeys)) walk_many_keys(tools, kManyKeys);
}

}  // namespace

std::vector<ProbeId> pkcs11_ways() {
  std::vector<ProbeId> ways;
  for (const auto& row : kRows) ways.push_back(way_of(row));
  ways.insert(ways.end(), {kManyKeys, kUnmanaged});
  return ways;
}

void walk_pkcs11(const Pkcs11Walk& walk) {
  if (const auto why = obstacle()) return block_all(walk, *why);
  {
    const auto broker = Broker::start(walk.bench.folder, walk.bench.tcti);
    if (!broker) return block_all(walk, broker.error().message);
    walk_managed(walk, *broker);
  }
  // Last, and when the resource manager has gone: it leaves the TPM's slots full.
  if (!walk.bench.interrupted && walk.wanted(kUnmanaged)) walk_unmanaged(walk, kUnmanaged);
}

}  // namespace tpmprobe::walks
