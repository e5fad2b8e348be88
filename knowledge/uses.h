// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <string_view>

namespace tpmprobe::knowledge {

/// One way in which software comes by the signatures that a use needs.
struct UseWay {
  std::string_view title;                     ///< "RSASSA in the TPM"
  std::string_view software;                  ///< who goes this way, "ssh-tpm-agent"
  std::span<const std::string_view> results;  ///< ids of probes; one that passes is enough
};

/// What people want to do.
enum class UseKind { ssh };

/// A purpose that people have for a key, from uses.json.
struct UseInfo {
  std::string_view id;  ///< stable for ever: "ssh.ecdsa-sha2-nistp384"
  UseKind kind = UseKind::ssh;
  std::string_view title;   ///< "ssh key ecdsa-sha2-nistp384"
  std::string_view key;     ///< id of the probe that makes the key, empty if no TPM can
  std::string_view walk;    ///< its name in result ids of `tpmprobe ssh`, "ecc256"; may be empty
  std::string_view make;    ///< what it is called where people make it
  unsigned strength = 0;    ///< bits of security (NIST SP 800-57 Part 1)
  std::string_view caveat;  ///< why not to take it even if it works; empty: fine
  std::string_view never;   ///< why no TPM can; empty: some can
  std::span<const UseWay> ways;
};

/// All uses, in the order of the file.
std::span<const UseInfo> uses();

}  // namespace tpmprobe::knowledge
