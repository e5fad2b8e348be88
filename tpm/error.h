// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace tpmprobe {

/// Why something with the TPM did not succeed. The code that the TPM or a TSS layer gave is always
/// kept whole, so that whoever explains the failure starts from what was really answered.
struct Error {
  enum class Kind {
    tpm,          ///< the TPM answered with a response code
    tss,          ///< a TSS layer on this side refused or failed
    timeout,      ///< no answer before the deadline
    gave_up,      ///< RETRY, YIELDED or TESTING for longer than the bound
    closed,       ///< the connection ended in the middle of an exchange
    malformed,    ///< the answer is not a well-formed response to this command
    refused,      ///< our own guard does not let this run send such a command
    interrupted,  ///< the user asked to stop
    no_device,    ///< there is no TPM at this place
    no_access,    ///< there is one, but not for this user
    io,           ///< the operating system failed a read or write
  };

  Kind kind = Kind::io;
  /// The full TSS2_RC (layer in bits 16-23), 0 if no code was given at all.
  std::uint32_t rc = 0;
  /// TPM_CC of the command that failed, 0 if none was under way.
  std::uint32_t command = 0;
  /// One clause in plain words for a person, without a final full stop.
  std::string message;
  /// How an answer was impossible, did not come, or came late: a word of knowledge/evidence.h, or
  /// empty.
  std::string_view evidence = {};
};

/// std::expected of C++23, until the compilers of both supported Debian releases have it.
template <typename T>
using Expected = tl::expected<T, Error>;

/// Shorthand for an error result.
inline tl::unexpected<Error> fail(Error::Kind kind, std::uint32_t command, std::string message,
                                  std::uint32_t rc = 0) {
  return tl::unexpected<Error>(Error{kind, rc, command, std::move(message)});
}

}  // namespace tpmprobe
