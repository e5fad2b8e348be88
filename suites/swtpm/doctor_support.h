// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "suites/swtpm/report_support.h"
#include "tpm/posix/private_directory.h"

/// The doctor on an swtpm, with a home of its own.
namespace tpmprobe::suites {

/// The line with this id; one of health "none" if there is none.
nlohmann::json line_of(const nlohmann::json& report, std::string_view id);

/// The line that a person reads first.
nlohmann::json first_of(const nlohmann::json& report);

/// Reads the doctor's JSON, which has to fit its schema.
nlohmann::json parse_doctor(const std::string& text);

/// A test with an swtpm and a home without anything in it.
class DoctorOnSwtpm : public ReportOnSwtpm {
 protected:
  /// Runs the doctor through the relay; expects this exit code.
  nlohmann::json examine(int exit_code, const Words& more = {}, const Environment& variables = {});

  /// Without FAPI, a store elsewhere and an agent, and these variables.
  [[nodiscard]] Environment environment(const Environment& variables) const;

  /// Files and folders below the home.
  [[nodiscard]] std::size_t files_at_home() const;

  /// Makes a token "work" with a key "laptop" and PIN 1234 by tpm2_ptool and a tpm2-abrmd.
  void make_token();

  /// Runs tpm2_ptool on the store through a tpm2-abrmd; its exit code.
  int ptool(const Words& words);

  /// Folder of the store.
  [[nodiscard]] std::string store() const { return home_.path() / ".tpm2_pkcs11"; }

  tpm::PrivateDirectory home_ = std::move(tpm::PrivateDirectory::create().value());
};

}  // namespace tpmprobe::suites
