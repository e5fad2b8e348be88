// SPDX-License-Identifier: BSD-2-Clause
#include "reports/text/matrix.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "text/page.h"

namespace tpmprobe::reports::plain {
namespace {

template <typename T>
void add_once(std::vector<T>& list, const T& value) {
  if (std::ranges::find(list, value) == list.end()) list.push_back(value);
}

bool is_absent_row(const Matrix& matrix, const RowName& row) {
  return std::ranges::all_of(matrix.hashes,
                             [&](const auto& hash) { return is_absent(matrix.at(row, hash)); });
}

bool is_absent_key(const Matrix& matrix, const std::string& key) {
  return std::ranges::all_of(matrix.rows, [&](const RowName& row) {
    return row.first != key || is_absent_row(matrix, row);
  });
}

bool is_absent_hash(const Matrix& matrix, const std::string& hash) {
  return std::ranges::all_of(matrix.rows,
                             [&](const auto& row) { return is_absent(matrix.at(row, hash)); });
}

/// The absent rows by name, a key of which nothing is there once.
std::vector<std::string> absent_rows(const Matrix& matrix) {
  std::vector<std::string> names;
  for (const auto& row : matrix.rows) {
    if (!is_absent_row(matrix, row)) continue;
    const bool whole_key = is_absent_key(matrix, row.first);
    add_once(names, whole_key ? row.first : row.first + " " + row.second);
  }
  return names;
}

std::vector<std::string> absent_hashes(const Matrix& matrix) {
  std::vector<std::string> names;
  std::ranges::copy_if(matrix.hashes, std::back_inserter(names),
                       [&](const auto& hash) { return is_absent_hash(matrix, hash); });
  return names;
}

struct NamedStep {
  Step SignSteps::* step;
  std::string_view word;
};

constexpr std::array<NamedStep, 5> kSteps{{{&SignSteps::advertised, "caps"},
                                           {&SignSteps::test_parms, "parms"},
                                           {&SignSteps::created, "create"},
                                           {&SignSteps::signed_, "sign"},
                                           {&SignSteps::verified, "verify"}}};
constexpr std::size_t kFirstDeed = 2;  // before it are claims

}  // namespace

const Result* Matrix::at(const RowName& row, const std::string& hash) const {
  const auto found = cells.find({row, hash});
  return found == cells.end() ? nullptr : found->second;
}

Matrix matrix_of(const Report& report) {
  Matrix matrix;
  for (const auto& reported : report.results) {
    const auto& id = reported.result.id;
    if (id.family != Family::sign) continue;
    const RowName row{id.key, id.scheme};
    add_once(matrix.rows, row);
    add_once(matrix.hashes, id.hash);
    matrix.cells[{row, id.hash}] = &reported.result;
  }
  return matrix;
}

bool is_absent(const Result* result) {
  return result == nullptr ||
         (result->verdict == Verdict::unsupported && result->steps.signed_ == Step::not_tried);
}

std::string fold(Matrix& matrix) {
  const auto rows = absent_rows(matrix);
  const auto hashes = absent_hashes(matrix);
  const Matrix whole = matrix;
  std::erase_if(matrix.rows, [&](const RowName& row) { return is_absent_row(whole, row); });
  std::erase_if(matrix.hashes, [&](const auto& hash) { return is_absent_hash(whole, hash); });
  return text::joined({text::joined(rows), text::joined(hashes)}, "; ");
}

std::string_view step_word(const Result& result) {
  if (result.verdict == Verdict::pass) return "ok";
  const bool stopped =
      result.steps.created != Step::not_tried && result.steps.verified != Step::yes;
  for (std::size_t at = stopped ? kFirstDeed : 0; at < kSteps.size(); ++at) {
    if (result.steps.*kSteps[at].step == Step::no) return kSteps[at].word;
  }
  return "";
}

}  // namespace tpmprobe::reports::plain
