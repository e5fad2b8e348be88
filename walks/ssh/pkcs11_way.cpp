// SPDX-License-Identifier: BSD-2-Clause
#include "walks/ssh/pkcs11_way.h"

#include <array>
#include <fstream>

#include <fmt/format.h>
#include <sys/stat.h>

#include "knowledge/algorithm_ids.h"
#include "walks/ssh/key_way.h"
#include "walks/ssh/walk_bench.h"

namespace tpmprobe::walks {

Token::Token(WayBench& bench, ProbeId way, std::string what, ChildEnvironment environment)
    : bench_(bench),
      way_(std::move(way)),
      what_(std::move(what)),
      store_(bench.folder / ("store-" + to_string(way_))),
      pin_(random_word(4)),
      wrong_pin_(random_word(4)),
      so_pin_(random_word(4)),
      environment_(std::move(environment)) {
  std::filesystem::create_directory(store_);
  std::filesystem::create_directory(bench.folder / "home");
  for (const auto& [name, value] :
       {std::pair<std::string, std::string>{"TPM2_PKCS11_STORE", store_},
        {"HOME", bench.folder / "home"},
        {"PYTHONDONTWRITEBYTECODE", "1"},
        {"LC_ALL", "C.UTF-8"},
        {"SSH_ASKPASS", write_askpass("askpass-" + to_string(way_), pin_)},
        {"SSH_ASKPASS_REQUIRE", "force"}}) {
    environment_.emplace_back(name, value);
  }
  environment_.emplace_back("SSH_AUTH_SOCK", std::nullopt);
}

WayStep Token::begin(std::string step, std::string_view title, std::string expected) {
  return {bench_, with_step(way_, std::move(step)), fmt::format("{}: {}", what_, title),
          std::move(expected)};
}

bool Token::finish(WayStep& step) const {
  for (auto& line : step.result().lines) {
    auto clean = lines_without(line, {pin_, wrong_pin_, so_pin_});
    line = clean.empty() ? "" : clean.front();
  }
  return step.finish();
}

std::string Token::write_askpass(const std::string& name, const std::string& pin) const {
  const auto path = bench_.folder / name;
  std::ofstream(path) << "#!/bin/sh\necho " << pin << '\n';
  ::chmod(path.c_str(), S_IRWXU);
  return path;
}

ChildEnvironment Token::with_wrong_pin() const {
  return with(environment_, "SSH_ASKPASS", write_askpass("askpass-wrong", wrong_pin_));
}

bool Token::ptool(WayStep& step, std::vector<std::string> words) const {
  words.insert(words.begin(), "tpm2_ptool");
  words.insert(words.end(), {"--path", store_});
  if (step.run(words, environment_)) return true;
  step.fail("tpm2_ptool", fmt::format("tpm2_ptool {} failed", words[1]));
  return false;
}

WayStep Token::make() {
  auto step = begin("token", "a token with a transient parent is created",
                    "tpm2_ptool init and addtoken succeed");
  const bool ecc = bench_.capabilities.has_curve(knowledge::curve::kNistP256);
  const bool made = ptool(step, {"init", "--transient-parent",
                                 ecc ? "tpm2-tools-ecc-default" : "tpm2-tools-default"}) &&
                    ptool(step, {"addtoken", "--pid", "1", "--label", "tpmprobe", "--sopin",
                                 so_pin_, "--userpin", pin_});
  if (made) step.pass("the token is in its private store");
  return step;
}

bool Token::add_key(WayStep& step, std::string_view algorithm, const std::string& label) const {
  std::vector<std::string> words{"addkey", "--algorithm", std::string(algorithm)};
  const auto more = key_words(label);
  words.insert(words.end(), more.begin(), more.end());
  return ptool(step, std::move(words));
}

std::vector<std::string> Token::key_words(const std::string& label) const {
  return {"--label", "tpmprobe", "--userpin", pin_, "--key-label", label};
}

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
                 "the programs for the PKCS#11 way are installed");
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
