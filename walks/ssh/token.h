// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "walks/ssh/way_bench.h"

namespace tpmprobe::walks {

/// A throw-away token of tpm2-pkcs11 in a store of its own, and the PINs to it.
class Token {
 public:
  /// `way` is that of its steps, `what` begins their titles; `environment` leads the
  /// programs to the TPM.
  Token(WayBench& bench, ProbeId way, std::string what, ChildEnvironment environment);

  /// A step of this way.
  WayStep begin(std::string step, std::string_view title, std::string expected);

  /// Ends it; no line of it has a PIN.
  bool finish(WayStep& step) const;

  /// Runs tpm2_ptool on the store; if that fails, so does the step.
  bool ptool(WayStep& step, std::vector<std::string> words) const;

  /// The step `token`: `tpm2_ptool init --transient-parent` and `addtoken`. For what comes of it
  /// the caller ends the step.
  WayStep make();

  /// `tpm2_ptool addkey` with this label.
  bool add_key(WayStep& step, std::string_view algorithm, const std::string& label) const;

  /// The words that every command on a key of this token ends with.
  [[nodiscard]] std::vector<std::string> key_words(const std::string& label) const;

  /// What leads programs to the token; they are told its PIN by a script.
  [[nodiscard]] const ChildEnvironment& environment() const { return environment_; }
  /// The same with a script that tells another PIN.
  [[nodiscard]] ChildEnvironment with_wrong_pin() const;

  [[nodiscard]] WayBench& bench() const { return bench_; }
  [[nodiscard]] const std::filesystem::path& store() const { return store_; }

 private:
  [[nodiscard]] std::string write_askpass(const std::string& name, const std::string& pin) const;

  WayBench& bench_;
  ProbeId way_;
  std::string what_;
  std::filesystem::path store_;
  std::string pin_, wrong_pin_, so_pin_;
  ChildEnvironment environment_;
};

}  // namespace tpmprobe::walks
