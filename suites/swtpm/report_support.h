// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "emulator/swtpm_process.h"
#include "suites/support/swtpm_relay.h"
#include "suites/swtpm/program.h"

/// Whole reports of the program on an swtpm, and what they say.
namespace tpmprobe::suites {

/// Verdict of every result, by its id.
std::map<std::string, std::string> verdicts_of(const nlohmann::json& report);
/// Ids of the findings.
std::vector<std::string> findings_of(const nlohmann::json& report);
/// "ID VERDICT: what was" of all results that neither passed nor are unsupported.
std::vector<std::string> troubles_of(const nlohmann::json& report);
/// The result with this id; null if there is none.
nlohmann::json result_of(const nlohmann::json& report, std::string_view id);
/// Commands on the wire, summed over all results.
std::size_t commands_of(const nlohmann::json& report);

/// Reads a report. A text that is no JSON fails the test.
nlohmann::json parse_report(const std::string& text);
/// The same for one that also has to fit the schema.
nlohmann::json validated_report(const std::string& text);

/// The same probes on the TPM inside tpmprobe.
nlohmann::json report_of_embedded(const Words& words);

/// The choice of probes that takes no RSA key, for tests to which the keys do not matter.
extern const Words kQuickest;

/// The words of `report` for a TPM and some choice, with the report as JSON on standard output.
Words report_words(const std::string& tcti, const Words& choice = kQuickest);

/// A test with an swtpm of its own, and a relay before it.
class ReportOnSwtpm : public ::testing::Test {
 protected:
  void SetUp() override;

  /// Runs the report through the relay; expects this exit code.
  nlohmann::json report(const Words& choice = kQuickest, int exit_code = 0);

  /// Handles of the objects in the TPM, asked past the relay.
  std::vector<std::uint32_t> transient();

  /// Runs one of the tpm2-tools on the TPM, past the relay; it has to succeed. Its output.
  std::string tool(const Words& argv);

  /// Loads that many objects with tpm2_createprimary, which forgets them in the TPM.
  void load_foreign_objects(int count);

  std::unique_ptr<emulator::SwtpmProcess> swtpm_;
  std::unique_ptr<SwtpmRelay> relay_;
};

}  // namespace tpmprobe::suites
