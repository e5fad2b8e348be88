// SPDX-License-Identifier: BSD-2-Clause
#include "walks/store_check.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "knowledge/rc.h"
#include "knowledge/rc_values.h"
#include "probes/hex_digits.h"
#include "probes/judge.h"
#include "tpm/commands/objects.h"
#include "tpm/commands/parents.h"
#include "tpm/layers/handle_ledger.h"

namespace tpmprobe::walks {
namespace {

using tpm::ParentTemplate;

std::uint16_t base_code(const Error& error) {
  return knowledge::decode_rc(error.rc).base;
}

constexpr const char* kMakeNew =
    "Create a new store and new keys, and replace the public keys on your servers.";

/// One primary of the store, and what is in this TPM of it.
class PrimaryCheck {
 public:
  PrimaryCheck(const StoreCheck& check, const host::StorePrimary& primary)
      : session_(check.session), identity_(check.identity), primary_(primary) {}

  void add_results(std::vector<Result>& results) {
    if (!primary_.transient && !primary_.handle) {
      auto unread =
          begin("parent", "The store says what its primary key is", "a handle or a template");
      block(unread, "what the store says about its primary key cannot be read");
      return results.push_back(std::move(unread));
    }
    results.push_back(primary_.transient ? transient_parent() : persistent_parent());
    results.push_back(tokens(results.back()));
  }

 private:
  [[nodiscard]] Result begin(std::string step, std::string title, std::string expected) const {
    Result result;
    result.id = {
        .family = Family::store, .way = std::to_string(primary_.id), .step = std::move(step)};
    result.title = std::move(title);
    result.expected = std::move(expected);
    return result;
  }

  [[nodiscard]] std::string keys() const {
    return primary_.keys.empty() ? "no keys" : fmt::format("{}", fmt::join(primary_.keys, ", "));
  }

  Result transient_parent() {
    auto result = begin("parent", fmt::format("The primary key of {} can be created", keys()),
                        fmt::format("a primary key with template {}", primary_.template_name));
    const auto wanted = std::ranges::find(tpm::kParentTemplates, primary_.template_name,
                                          [](auto parent) { return tpm::to_string(parent); });
    if (wanted == tpm::kParentTemplates.end()) {
      block(result, fmt::format("the template \"{}\" is unknown", primary_.template_name));
    } else if (const auto why = why_not_made()) {
      block(result, *why);
    } else {
      probes::pass(result, fmt::format("its template is {}", primary_.template_name));
    }
    return result;
  }

  Result persistent_parent() {
    const auto handle = primary_.handle.value_or(0);
    auto result = begin("parent", fmt::format("The primary key of {} is in the TPM", keys()),
                        fmt::format("the Name of {:#010x} matches the store", handle));
    if (!is_persistent()) {
      result.verdict = Verdict::fail;
      result.layer = "tpm2-pkcs11";
      result.actual =
          fmt::format("the store names {:#010x}, which is not a persistent handle", handle);
      result.cause =
          "the store was created with a context file, which was valid only until the next reboot";
      result.advice = "Make the parent persistent, or create a store with --transient-parent.";
      return result;
    }
    const auto found = tpm::read_public_form(session_, handle);
    if (!found) {
      judge_missing(found.error(), handle, result);
    } else if (probes::hex_digits(found->name) == primary_.name) {
      same_name_ = true;
      probes::pass(result,
                   fmt::format("{:#010x} is the key that the store was created with", handle));
    } else {
      result.verdict = Verdict::fail;
      result.layer = "TPM";
      result.actual = fmt::format("there is another key at {:#010x}", handle);
    }
    return result;
  }

  /// Only one answer says that there is no such object.
  static void judge_missing(const Error& error, std::uint32_t handle, Result& result) {
    probes::judge(error, fmt::format("reading {:#010x}", handle), result);
    if (error.kind != Error::Kind::tpm || base_code(error) != knowledge::rc::kHandle) return;
    result.verdict = Verdict::fail;
    result.layer = "TPM";
    result.actual = fmt::format("{:#010x} is not in the TPM", handle);
  }

  /// An authorization that may be wrong is not tried.
  [[nodiscard]] std::optional<std::string> why_not_made() const {
    const auto owner = std::ranges::find(identity_.hierarchies, "owner", &HierarchyState::name);
    if (owner != identity_.hierarchies.end() && owner->auth_set.value_or(false)) {
      return "the owner hierarchy has a password, which is not guessed";
    }
    if (primary_.has_auth) return "the primary key has a password, which is not guessed";
    return std::nullopt;
  }

  Result tokens(Result& parent) {
    auto result =
        begin("tokens", fmt::format("The parent can load the objects that open {}", labels()),
              "TPM2_Load accepts them");
    if (same_name_) {
      probes::pass(result, "the parent is the one that they were created under");
    } else if (primary_.sealed.empty()) {
      result.verdict = Verdict::unsupported;
      result.actual = "the store has no token to test with";
    } else if (parent.verdict == Verdict::blocked) {
      block(result, parent.actual);
    } else if (const auto why = why_not_made()) {
      block(result, *why);
    } else {
      find_parent(parent, result);
    }
    return result;
  }

  [[nodiscard]] std::string labels() const {
    std::vector<std::string> labels;
    for (const auto& sealed : primary_.sealed) labels.push_back(sealed.token);
    return labels.empty() ? "the tokens" : fmt::format("{}", fmt::join(labels, ", "));
  }

  /// Which of the templates gives the primary that they were made under.
  void find_parent(Result& parent, Result& result) {
    std::optional<ParentTemplate> found;
    for (const auto candidate : tpm::kParentTemplates) {
      const auto loads = loads_under(candidate);
      if (!loads) return probes::judge(loads.error(), "loading them", result);
      if (*loads) found = candidate;
      if (found) break;
    }
    if (!found && unreadable_ == primary_.sealed.size()) {
      return block(result, "what the store holds for its tokens cannot be read");
    }
    if (!found) {
      lost(result);
      if (!primary_.transient && !parent.cause) parent.cause = result.cause;
    } else if (primary_.transient && tpm::to_string(*found) == primary_.template_name) {
      probes::pass(result, "they load: the keys can be used");
    } else {
      misplaced(*found, result);
      if (!primary_.transient && !parent.cause) parent.cause = result.cause;
    }
  }

  /// Whether every token's object that can be read is a child of this primary, and one at least.
  Expected<bool> loads_under(ParentTemplate candidate) {
    auto made = tpm::create_parent(session_, candidate);
    if (!made) {
      if (probes::is_refusal(made.error())) return false;
      return tl::unexpected(made.error());
    }
    unreadable_ = 0;
    for (const auto& sealed : primary_.sealed) {
      const auto loaded = tpm::test_load(session_, *made, sealed.private_area, sealed.public_area);
      if (loaded) continue;
      if (is_of_another_parent(loaded.error())) return false;
      if (!is_unreadable(loaded.error())) return tl::unexpected(loaded.error());
      ++unreadable_;
    }
    return unreadable_ < primary_.sealed.size();
  }

  /// Every other answer, lockout and full slots before all, says nothing about the parent.
  static bool is_of_another_parent(const Error& error) {
    return error.kind == Error::Kind::tpm && base_code(error) == knowledge::rc::kIntegrity;
  }

  /// The octets in the store are no object: tss2 or the TPM found that out.
  static bool is_unreadable(const Error& error) {
    return error.kind == Error::Kind::malformed ||
           (error.kind == Error::Kind::tpm &&
            knowledge::decode_rc(error.rc).where.place == knowledge::RcPlace::parameter);
  }

  void lost(Result& result) const {
    result.verdict = Verdict::fail;
    result.layer = "TPM";
    result.actual = "no primary key that tpm2_ptool could have created can load them";
    result.cause = fmt::format(
        "the TPM was cleared, and {} (unless the store belongs to another TPM, or its parent was "
        "not created by tpm2_ptool)",
        primary_.keys.empty() ? std::string("the store had no keys")
                              : fmt::format("these keys are permanently lost: {}", keys()));
    result.advice = kMakeNew;
  }

  void misplaced(ParentTemplate found, Result& result) const {
    result.verdict = Verdict::fail;
    result.layer = "tpm2-pkcs11";
    result.actual =
        fmt::format("they load under a primary key with template {}", tpm::to_string(found));
    if (primary_.transient) {
      result.cause =
          fmt::format("the store says {}, but its tokens were created under another template",
                      primary_.template_name);
      result.advice = fmt::format("Set template-name: {} in the store's table pobjects.",
                                  tpm::to_string(found));
      return;
    }
    result.cause = "the keys are not lost: the store only names the wrong handle";
    result.advice =
        is_persistent()
            ? fmt::format(
                  "Restore their parent: tpm2_createprimary -C o -g sha256 -G {} -c parent.ctx; "
                  "tpm2_evictcontrol -C o -c parent.ctx {:#010x}",
                  tpm::is_rsa(found) ? "rsa" : "ecc", *primary_.handle)
            : fmt::format(
                  "Set transient: true and template-name: {} in the store's table pobjects.",
                  tpm::to_string(found));
  }

  [[nodiscard]] bool is_persistent() const {
    return tpm::kind_of(primary_.handle.value_or(0)) == tpm::HandleKind::persistent;
  }

  static void block(Result& result, std::string why) {
    result.verdict = Verdict::blocked;
    result.actual = std::move(why);
  }

  tpm::Session& session_;
  const Identity& identity_;
  const host::StorePrimary& primary_;
  bool same_name_ = false;
  std::size_t unreadable_ = 0;  // of the objects that open tokens
};

}  // namespace

std::vector<Result> check_store(const StoreCheck& check) {
  std::vector<Result> results;
  for (const auto& primary : check.store.primaries) {
    PrimaryCheck(check, primary).add_results(results);
  }
  return results;
}

}  // namespace tpmprobe::walks
