// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>
#include <cstddef>
#include <set>

#include <fmt/format.h>

#include "reports/text/details.h"
#include "reports/text/matrix.h"
#include "reports/text/sections.h"
#include "text/page.h"

namespace tpmprobe::reports::plain {
namespace {

constexpr int kCellWidth = 10;  // the longest word, its symbol and the gap

text::Cell cell_of(const Result* result, const text::Page& page) {
  if (result == nullptr) return {};
  const text::Mark& mark = mark_of(result->verdict);
  const std::string symbol(page.symbol(mark));
  if (is_absent(result)) return {symbol, mark.colour};
  return {text::joined({symbol, std::string(step_word(*result))}, " "), mark.colour};
}

std::size_t hashes_per_block(const Matrix& matrix, const text::Page& page) {
  std::size_t key = 0, scheme = 0;
  for (const auto& row : matrix.rows) {
    key = std::max(key, row.first.size());
    scheme = std::max(scheme, row.second.size());
  }
  const int names = static_cast<int>(key + scheme) + 4;
  return static_cast<std::size_t>(std::max(1, (page.style().width - names) / kCellWidth));
}

void write_block(const Matrix& matrix, std::size_t first, std::size_t size, text::Page& page) {
  std::vector<text::Column> columns{{"key"}, {"scheme"}};
  const auto last = std::min(first + size, matrix.hashes.size());
  for (auto at = first; at < last; ++at) columns.push_back({matrix.hashes[at]});
  text::Table table(columns);
  std::string key_above;
  for (const auto& row : matrix.rows) {
    std::vector<text::Cell> cells{{row.first, row.first == key_above ? text::kFaint : ""},
                                  {row.second}};
    for (auto at = first; at < last; ++at) {
      cells.push_back(cell_of(matrix.at(row, matrix.hashes[at]), page));
    }
    table.add_row(std::move(cells));
    key_above = row.first;
  }
  page.table(table);
}

std::string_view meaning(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "works, verified outside the TPM";
    case Verdict::mismatch:
      return "not what the TPM advertises";
    case Verdict::quirk:
      return "known defect";
    case Verdict::unsupported:
      return "not offered";
    default:
      return to_string(verdict);
  }
}

/// The combinations that are shown.
std::vector<const Result*> shown(const Matrix& matrix) {
  std::vector<const Result*> results;
  for (const auto& row : matrix.rows) {
    for (const auto& hash : matrix.hashes) {
      if (const auto* result = matrix.at(row, hash)) results.push_back(result);
    }
  }
  return results;
}

bool has_step(const Result* result) {
  return result->verdict != Verdict::pass && !is_absent(result) && !step_word(*result).empty();
}

void write_legend(const Matrix& matrix, text::Page& page) {
  const auto results = shown(matrix);
  std::set<Verdict> verdicts;
  for (const auto* result : results) verdicts.insert(result->verdict);
  std::vector<std::string> parts;
  for (const auto verdict : verdicts) {
    parts.push_back(fmt::format("{} {}", page.symbol(mark_of(verdict)), meaning(verdict)));
  }
  if (std::ranges::any_of(results, has_step)) {
    parts.emplace_back("a word names the step that failed");
  }
  page.paragraph(text::joined(parts, "; "), 2, text::kFaint);
}

}  // namespace

void write_signing_matrix(const Report& report, text::Page& page) {
  Matrix matrix = matrix_of(report);
  if (matrix.rows.empty()) return;
  page.heading("Signing combinations");
  const std::string absent = fold(matrix);
  const auto size = hashes_per_block(matrix, page);
  for (std::size_t first = 0; first < matrix.hashes.size(); first += size) {
    if (first > 0) page.paragraph("", 0);
    write_block(matrix, first, size, page);
  }
  if (!matrix.rows.empty()) write_legend(matrix, page);
  if (!absent.empty()) page.paragraph("Not offered by this TPM: " + absent, 2);
}

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
