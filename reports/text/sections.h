// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "reports/model.h"
#include "text/page.h"

namespace tpmprobe::reports::plain {

/// Each writes one section of the text report, or nothing if it would be empty. The strings of the
/// report are clean already.

/// The verdict in one line, and which TPM it is about.
void write_headline(const Report& report, text::Page& page);

/// Which TPM it is about, and what it pretends to be.
void write_identity(const Report& report, text::Page& page);

/// Every step of a walk that did not pass, with its layer and the programs' lines.
void write_failed_steps(const Report& report, text::Page& page);

/// What to use, with its speed, and what to avoid, with the reason.
void write_advice(const Report& report, text::Page& page);

/// Findings with diagnosis, advice and the results they rest on.
void write_findings(const Report& report, text::Page& page);

/// Every use with its verdict, times and first reason.
void write_uses(const Report& report, text::Page& page);

/// Signing combinations: a row for each key and scheme, a column for each hash.
void write_signing_matrix(const Report& report, text::Page& page);

/// What did not pass and should have, and the failures that findings rest on: expected, actual,
/// code and explanation.
void write_details(const Report& report, text::Page& page);

/// The other probes, by name: what works and what this TPM does not offer.
void write_other_probes(const Report& report, text::Page& page);

/// What the TPM says of itself.
void write_capabilities(const Report& report, text::Page& page);

/// The machine and the run.
void write_host(const Report& report, text::Page& page);

}  // namespace tpmprobe::reports::plain
