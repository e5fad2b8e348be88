// SPDX-License-Identifier: BSD-2-Clause
#include "suites/score/table.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tpmprobe::score {
namespace {

constexpr std::size_t kMost = 3;

void count_rank(std::size_t rank, std::size_t& first, std::size_t& among_three) {
  first += rank == 1 ? 1 : 0;
  among_three += rank >= 1 && rank <= kMost ? 1 : 0;
}

std::string share(std::size_t part, std::size_t whole) {
  const double percent =
      whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  return fmt::format("{} of {} ({:.0f} %)", part, whole, percent);
}

}  // namespace

void Totals::add(const FieldCase& field_case, const Judgement& judgement,
                 const std::vector<std::string>& baseline) {
  codes += field_case.in_log.size();
  found += judgement.found.size();
  wrong += judgement.wrong.size();
  ++cases;
  count_rank(judgement.rank, all_first, all_among_three);
  if (!field_case.confirmed) return;
  ++confirmed;
  count_rank(judgement.rank, first, among_three);
  count_rank(rank_of(field_case.cause_class, baseline), baseline_first, baseline_among_three);
}

std::string row(const FieldCase& field_case, const Judgement& judgement) {
  const auto& classes = judgement.classes;
  const auto shown =
      std::vector(classes.begin(),
                  classes.begin() + static_cast<std::ptrdiff_t>(std::min(classes.size(), kMost)));
  return fmt::format("{} {} {:<40} {:<22} {:<60} found {} missed [{}] false [{}] {}\n",
                     judgement.rank == 0 ? "-" : std::to_string(judgement.rank),
                     field_case.confirmed ? "confirmed" : "suspected", field_case.id,
                     field_case.cause_class, fmt::format("{}", fmt::join(shown, ", ")),
                     judgement.found.size(), fmt::join(judgement.missed, " "),
                     fmt::join(judgement.wrong, " "), field_case.source);
}

std::string summary(const std::string& name, const Totals& totals) {
  return fmt::format(
      "{}: codes {} of {}, false {}; confirmed: first {}, among three {}; baseline: first {}, "
      "among three {}; all cases: first {}, among three {}\n",
      name, totals.found, totals.codes, totals.wrong, share(totals.first, totals.confirmed),
      share(totals.among_three, totals.confirmed), share(totals.baseline_first, totals.confirmed),
      share(totals.baseline_among_three, totals.confirmed), share(totals.all_first, totals.cases),
      share(totals.all_among_three, totals.cases));
}

}  // namespace tpmprobe::score
