// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "tpm/layers/layer.h"
#include "tpm/posix/descriptor.h"

namespace tpmprobe::tpm {

/// One exchange of a journal.
struct JournalEntry {
  std::uint32_t command = 0;  ///< TPM_CC
  std::uint32_t rc = 0;       ///< TPM_RC of the response; means nothing if there was none
  std::uint32_t error = 0;    ///< 0: there was a response; else 1 + Error::Kind
  double milliseconds = 0;    ///< from command to response

  /// The TPM was not asked, because the guard refused it.
  [[nodiscard]] bool refused() const {
    return error == 1 + static_cast<std::uint32_t>(Error::Kind::refused);
  }
  /// The TPM answered, and with an error.
  [[nodiscard]] bool failed() const { return error == 0 && rc != 0; }
};

/// Writes every exchange that passes to a file, for another process: whoever serves a TPM to
/// programs tells with it what the TPM really answered them.
class JournalLayer final : public Layer {
 public:
  /// Creates or empties the file. Errors: io, no_access.
  static Expected<TransportPtr> create(TransportPtr below, const std::filesystem::path& file,
                                       const Clock& clock);

  Expected<void> carry(WireExchange& exchange, TimePoint deadline) override;

 private:
  JournalLayer(TransportPtr below, UniqueFd file, const Clock& clock)
      : Layer(std::move(below)), file_(std::move(file)), clock_(clock) {}

  UniqueFd file_;
  const Clock& clock_;
};

/// The entries of a journal from the `from`th on (from 0); none if it cannot be read.
std::vector<JournalEntry> read_journal(const std::filesystem::path& file, std::size_t from = 0);

}  // namespace tpmprobe::tpm
