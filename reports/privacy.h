// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "reports/model.h"

namespace tpmprobe::reports {

using StringVisitor = std::function<void(std::string&)>;

/// Visits every text that may quote the machine or what was typed: arguments, places, versions,
/// sentences. A name of the user can be in any of them.
void visit_texts(Report& report, const StringVisitor& visit);

/// Visits every other string: ids, titles and what the TPM says of itself.
void visit_names(Report& report, const StringVisitor& visit);

/// The report with every text fit for a terminal: clean_text.h.
Report cleaned(const Report& report, bool unicode);

/// What names the person at this machine. Empty: not known.
struct Secrets {
  std::string home;  ///< "/home/ada"
  std::string user;  ///< "ada"; "root" is nobody's secret
  std::string host;  ///< "analytical.example.org"; its first label is a secret too
};

/// `text` with the home path as "~", and user and host name as "USER" and "HOST" where they are
/// whole words. Names of one or two letters are looked for as parts of a path only, for they are
/// words of every other sentence; the system's own folders (/dev, /usr, ...) keep their names.
/// Another user's folder below /home becomes "/home/USER".
std::string redacted(std::string_view text, const Secrets& secrets);

/// The report with every text redacted that may quote the machine (report_strings.h). Ids, titles
/// and what the TPM says of itself stay as they are.
Report redacted(Report report, const Secrets& secrets);

}  // namespace tpmprobe::reports
