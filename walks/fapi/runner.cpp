// SPDX-License-Identifier: BSD-2-Clause
#include "walks/fapi/runner.h"

#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "explain/read/messages.h"

namespace tpmprobe::walks {

std::optional<FapiFault> recognise_fapi(std::span<const std::string> log) {
  for (std::size_t at = 0; at < log.size(); ++at) {
    const auto* message = explain::find_message(log[at]);
    if (message == nullptr || message->layer != knowledge::RcLayer::fapi) continue;
    if (message->severity == knowledge::RcSeverity::error) return FapiFault{message, at};
  }
  return std::nullopt;
}

std::filesystem::path FapiRunner::alone(const host::FapiProfile& profile) const {
  const auto folder = bench_.folder / ("profile-" + profile.name);
  std::filesystem::create_directories(folder);
  std::ofstream(folder / (profile.name + ".json")) << profile.text;
  return folder;
}

std::filesystem::path FapiRunner::write_configuration(const FapiSetting& setting) {
  const auto home = bench_.folder / fmt::format("fapi-{}", ++number_);
  for (const auto* part : {"user", "system", "log"}) {
    std::filesystem::create_directories(home / part);
  }
  nlohmann::json config{
      {"profile_name", setting.profile},       {"profile_dir", setting.profiles.string() + "/"},
      {"user_dir", (home / "user/").string()}, {"system_dir", (home / "system/").string()},
      {"log_dir", (home / "log/").string()},   {"tcti", bench_.tcti},
      {"system_pcrs", nlohmann::json::array()}};
  if (setting.cert_less) config["ek_cert_less"] = "yes";
  std::ofstream(home / "config.json")
      << config.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
  return home / "config.json";
}

Expected<tpm::FapiOutcome> FapiRunner::run(const FapiSetting& setting,
                                           std::vector<tpm::FapiAction> actions,
                                           const Bytes& digest) {
  return tpm::run_fapi({write_configuration(setting), bench_.folder, std::move(actions), digest});
}

void judge_fapi(WayStep& step, const tpm::FapiCall& call) {
  const auto fault = recognise_fapi(call.log);
  for (std::size_t at = 0; at < call.log.size(); ++at) {
    step.add_lines(call.log[at]);
    if (fault && at == fault->line) break;  // those after it mislead
  }
  step.fail("FAPI", fmt::format("{} answered {:#x}", call.name, call.rc));
  Result& result = step.result();
  // Nothing on the wire was bad, and no other program took part.
  if (!result.rc && result.layer != "tpmprobe") {
    result.layer = "tss2";
    result.rc = call.rc;
    result.actual = fmt::format("{} answered {:#x} (layer: tss2)", call.name, call.rc);
  }
  if (!fault) {
    // What is true of FAPI's own code in general is mostly beside the point.
    if (result.layer == "tss2")
      result.advice = "Read the FAPI log lines: the first one says the most.";
    return;
  }
  const auto& sentence = fault->message->sentence;
  result.cause = std::string(sentence.substr(0, sentence.size() - 1));
  if (!fault->message->causes.empty()) {
    result.advice = std::string(fault->message->causes.front().fix);
  }
}

}  // namespace tpmprobe::walks
