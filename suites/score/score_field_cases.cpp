// SPDX-License-Identifier: BSD-2-Clause
// score_field_cases CASES.jsonl [--held-out]: how often `explain` is right about real failures.
// Rules are written against the two thirds that it shows; the rest is opened with --held-out, to
// measure.
#include <cstdio>
#include <fstream>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "suites/score/table.h"

namespace tpmprobe::score {
namespace {

void score(const std::vector<FieldCase>& cases, bool held_out) {
  const auto baseline = commonest_classes(cases, 3);
  Totals training, rest, all;
  for (const auto& each : cases) {
    if (each.held_out && !held_out) continue;
    const Judgement judgement = judge(each);
    fmt::print("{} {}", each.held_out ? "held-out" : "training", row(each, judgement));
    (each.held_out ? rest : training).add(each, judgement, baseline);
    all.add(each, judgement, baseline);
  }
  fmt::print("{}", summary("training", training));
  if (!held_out) return;
  fmt::print("{}{}", summary("held-out", rest), summary("all", all));
}

int run(const char* path, bool held_out) {
  std::ifstream in(path);
  if (!in) {
    fmt::print(stderr, "score_field_cases: cannot read {}\n", path);
    return 2;
  }
  try {
    score(read_cases(in), held_out);
  } catch (const nlohmann::json::exception& error) {
    fmt::print(stderr, "score_field_cases: {}: {}\n", path, error.what());
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace tpmprobe::score

int main(int count, char** words) {
  const bool held_out = count == 3 && std::string_view(words[2]) == "--held-out";
  if (count != 2 && !held_out) {
    fmt::print("usage: score_field_cases CASES.jsonl [--held-out]\n");
    return 2;
  }
  return tpmprobe::score::run(words[1], held_out);
}
