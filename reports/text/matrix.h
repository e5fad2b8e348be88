// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/model.h"

namespace tpmprobe::reports::plain {

/// A row of the matrix: key and scheme.
using RowName = std::pair<std::string, std::string>;

/// The signing combinations of a report by row and column, both in the order of the report.
struct Matrix {
  std::vector<RowName> rows;
  std::vector<std::string> hashes;
  std::map<std::pair<RowName, std::string>, const Result*> cells;

  /// Null where the report has no such combination.
  [[nodiscard]] const Result* at(const RowName& row, const std::string& hash) const;
};

/// The results of signing combinations; they must outlive the matrix.
Matrix matrix_of(const Report& report);

/// Not offered, and nothing else to tell: it never came to a signature. True of null too.
bool is_absent(const Result* result);

/// Takes out of `matrix` the rows and columns in which everything is absent, and names them:
/// "rsa4096, p521 ecdsa; sha3-256, sha3-384". A key without its scheme stands for all of them.
std::string fold(Matrix& matrix);

/// At which step a combination did not do as it should: "caps", "parms", "create", "sign",
/// "verify", or "" if at none; "ok" if it passed. Of one that went all the way it is the claim that
/// contradicts it, else where it stopped.
std::string_view step_word(const Result& result);

}  // namespace tpmprobe::reports::plain
