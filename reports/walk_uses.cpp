// SPDX-License-Identifier: BSD-2-Clause
#include "reports/walk_uses.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "text/sentence.h"

namespace tpmprobe::reports {
namespace {

/// A way that keys are walked, and the software on it.
struct Way {
  Family family;
  std::string_view software, key_step;
};

constexpr std::array kWays{Way{Family::direct, "TPM2_Sign and no middleware", "key"},
                           Way{Family::pkcs11, "tpm2-pkcs11", "addkey"}};

/// How far a way went.
struct WayEnd {
  const Way* way = nullptr;
  bool logged_in = false;
  const Result* obstacle = nullptr;  ///< the first step that did not pass
};

bool is_of(const ProbeId& id, const Way& way, const knowledge::UseInfo& info) {
  return id.family == way.family && id.way == info.walk;
}

std::optional<WayEnd> end_of(const Report& report, const Way& way, const knowledge::UseInfo& info) {
  WayEnd end{&way, false, nullptr};
  bool walked = false;
  for (const auto& [result, explanation, advice] : report.results) {
    if (!is_of(result.id, way, info)) continue;
    walked = true;
    const bool passed = result.verdict == Verdict::pass;
    if (!passed && end.obstacle == nullptr) end.obstacle = &result;
    end.logged_in = end.logged_in || (passed && result.id.step == "login");
  }
  // What works in one program and not in the next is no way to go.
  end.logged_in = end.logged_in && end.obstacle == nullptr;
  // Stopped before its end, and nothing was in the way until then.
  if (!end.logged_in && end.obstacle == nullptr) walked = false;
  return walked ? std::optional(end) : std::nullopt;
}

std::string why(const Result& obstacle) {
  return obstacle.cause.value_or(obstacle.actual);
}

std::string words_for(const WayEnd& end) {
  if (end.logged_in) return text::sentence(fmt::format("With {} it logs in", end.way->software));
  return text::sentence(
      fmt::format("With {} it does not log in: {}", end.way->software, why(*end.obstacle)));
}

void judge(const std::vector<WayEnd>& ends, bool made, Use& use) {
  const auto logins = std::ranges::count(ends, true, &WayEnd::logged_in);
  const auto failed = std::ranges::find(ends, false, &WayEnd::logged_in);
  if (failed == ends.end()) {
    use.verdict = Usability::usable;
    use.reasons.emplace_back("Works to the end: sshd accepts its signatures.");
  } else if (logins > 0) {
    use.verdict = Usability::limited;
    use.reasons.emplace_back("Works with some software only.");
  } else if (failed->obstacle->verdict == Verdict::blocked) {
    use.reasons.push_back("Not decided: " + text::sentence(failed->obstacle->actual));
    return;
  } else {
    use.verdict = Usability::not_usable;
    use.reasons.push_back(text::sentence(
        (made ? "The key can be made, and then not be used: " : "") + why(*failed->obstacle)));
  }
  for (const auto& end : ends) use.reasons.push_back(words_for(end));
}

}  // namespace

bool walk_made_key(const Report& report, const knowledge::UseInfo& info) {
  const auto made_on = [&](const Way& way, const Result& result) {
    return result.verdict == Verdict::pass && is_of(result.id, way, info) &&
           result.id.step == way.key_step;
  };
  return !info.walk.empty() && std::ranges::any_of(report.results, [&](const auto& reported) {
    return std::ranges::any_of(kWays,
                               [&](const Way& way) { return made_on(way, reported.result); });
  });
}

Use use_of_walk(const Report& report, const knowledge::UseInfo& info) {
  Use use;
  use.id = info.id;
  use.title = info.title;
  std::vector<WayEnd> ends;
  if (!info.walk.empty()) {
    for (const auto& way : kWays) {
      if (auto end = end_of(report, way, info)) ends.push_back(*end);
    }
  }
  if (!info.never.empty()) {
    use.verdict = Usability::not_usable;
    use.reasons.emplace_back(info.never);
  } else if (ends.empty()) {
    use.reasons.emplace_back("Not tried in this run.");
  } else {
    judge(ends, walk_made_key(report, info), use);
  }
  return use;
}

}  // namespace tpmprobe::reports
