// SPDX-License-Identifier: BSD-2-Clause
// Redaction and cleaning change every text of a report, the one some, the other all. `Texts` is a
// visitor of the table in members.h that hands them out; the table says which is of which kind.
// What is no text is passed over.
#include "reports/privacy.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "reports/members.h"
#include "text/clean_text.h"

namespace tpmprobe::reports {
namespace {

class Texts {
 public:
  Texts(const StringVisitor& words, const StringVisitor& names) : words_(words), names_(names) {}

  void id(std::string_view /*key*/, ProbeId& id) {
    auto text = to_string(id);
    names_(text);
    id = parse_id(text);
  }
  void name(std::string_view /*key*/, auto& text) { each(text, names_); }
  void words(std::string_view /*key*/, auto& text) { each(text, words_); }
  void either(std::string_view /*key*/, auto& first, auto& second) {
    each(first, words_);
    each(second, words_);
  }
  void named_words(std::string_view /*key*/, auto& pairs) {
    for (auto& [name, text] : pairs) {
      each(name, names_);
      each(text, words_);
    }
  }
  template <std::invocable Rows>
  void object(std::string_view /*key*/, Rows&& rows) {
    rows();
  }
  template <typename T>
  void object(std::string_view /*key*/, std::optional<T>& value) {
    if (value) members(*this, *value);
  }
  template <typename T>
  void list(std::string_view /*key*/, std::vector<T>& list) {
    for (T& element : list) members(*this, element);
  }
  void only_if(bool /*condition*/, auto&& rows) { rows(); }

  // No texts.
  void value(auto&&...) {}
  void milliseconds(auto&&...) {}
  void hex(auto&&...) {}
  void hex_list(auto&&...) {}
  void octets(auto&&...) {}
  void bits(auto&&...) {}
  void word(auto&&...) {}
  void derived(auto&&...) {}
  void object(std::string_view /*key*/, auto&& /*number*/, auto&& /*rows*/) {}
  void list(std::string_view /*key*/, auto&& /*numbers*/, auto&& /*rows*/) {}
  template <typename T>
  void list(std::string_view /*key*/, std::optional<std::vector<T>>& /*capabilities*/) {}

 private:
  static void each(std::string& text, const StringVisitor& visit) { visit(text); }
  static void each(std::optional<std::string>& text, const StringVisitor& visit) {
    if (text) visit(*text);
  }
  static void each(std::vector<std::string>& texts, const StringVisitor& visit) {
    for (auto& text : texts) visit(text);
  }

  const StringVisitor& words_;
  const StringVisitor& names_;
};

void visit(Report& report, const StringVisitor& words, const StringVisitor& names) {
  Texts texts(words, names);
  members(texts, report);
}

void leave(std::string& /*text*/) {}

}  // namespace

void visit_texts(Report& report, const StringVisitor& visitor) {
  visit(report, visitor, leave);
}

void visit_names(Report& report, const StringVisitor& visitor) {
  visit(report, leave, visitor);
}

Report cleaned(const Report& report, bool unicode) {
  Report copy = report;
  const StringVisitor clean = [=](std::string& text) { text = text::clean(text, unicode); };
  visit(copy, clean, clean);
  return copy;
}

namespace {

constexpr std::size_t kShortName = 3;
constexpr std::string_view kHomes = "/home/";
constexpr auto kSystemFolders = std::to_array<std::string_view>(
    {"bin", "dev", "etc", "home", "lib", "opt", "proc", "root", "run", "sys", "tmp", "usr", "var"});

/// Octets of a word; everything beyond ASCII counts, for names may be written in any script.
bool is_word(char octet) {
  const auto value = static_cast<unsigned char>(octet);
  return value >= 0x80 || octet == '_' || (octet >= '0' && octet <= '9') ||
         (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
}

bool word_before(std::string_view text, std::size_t at) {
  return at > 0 && is_word(text[at - 1]);
}

bool word_at(std::string_view text, std::size_t at) {
  return at < text.size() && is_word(text[at]);
}

/// The '/' of "/dev/tpm0" begins a path, that of "~/dev" does not.
bool begins_path(std::string_view text, std::size_t slash) {
  if (slash == 0) return true;
  const char before = text[slash - 1];
  return !is_word(before) && before != '/' && before != '.' && before != '~' && before != '-';
}

bool is_path_part(std::string_view text, std::size_t at, std::size_t size) {
  return at > 0 && text[at - 1] == '/' && !word_at(text, at + size);
}

bool is_system_folder(std::string_view text, std::size_t at, std::string_view name) {
  return is_path_part(text, at, name.size()) && begins_path(text, at - 1) &&
         std::ranges::find(kSystemFolders, name) != kSystemFolders.end();
}

bool names_person(std::string_view text, std::size_t at, std::string_view name) {
  if (word_before(text, at) || word_at(text, at + name.size())) return false;
  if (is_system_folder(text, at, name)) return false;
  return name.size() >= kShortName || is_path_part(text, at, name.size());
}

/// Replaces each occurrence of `name` that `counts` agrees to.
template <typename Counts>
void replace(std::string& text, std::string_view name, std::string_view with, Counts counts) {
  if (name.empty()) return;
  for (auto at = text.find(name); at != std::string::npos;) {
    const bool replaced = counts(text, at);
    if (replaced) text.replace(at, name.size(), with);
    at = text.find(name, at + (replaced ? with.size() : 1));
  }
}

void replace_name(std::string& text, std::string_view name, std::string_view with) {
  replace(text, name, with,
          [=](std::string_view whole, std::size_t at) { return names_person(whole, at, name); });
}

void replace_home(std::string& text, std::string_view home) {
  while (home.ends_with('/')) home.remove_suffix(1);
  replace(text, home, "~", [=](std::string_view whole, std::size_t at) {
    const auto end = at + home.size();
    const bool longer_name = word_at(whole, end) || (end < whole.size() && whole[end] == '-');
    return begins_path(whole, at) && !longer_name;
  });
}

void replace_other_homes(std::string& text) {
  for (auto at = text.find(kHomes); at != std::string::npos; at = text.find(kHomes, at + 1)) {
    const auto begin = at + kHomes.size();
    auto end = begin;
    while (word_at(text, end) || (end > begin && end < text.size() && text[end] == '-')) ++end;
    if (begins_path(text, at) && end > begin) text.replace(begin, end - begin, "USER");
  }
}

bool is_secret_host(std::string_view host) {
  return host != "localhost";
}

}  // namespace

std::string redacted(std::string_view text, const Secrets& secrets) {
  std::string shown(text);
  replace_home(shown, secrets.home);
  replace_other_homes(shown);
  if (secrets.user != "root") replace_name(shown, secrets.user, "USER");
  if (is_secret_host(secrets.host)) replace_name(shown, secrets.host, "HOST");
  const std::string label = secrets.host.substr(0, secrets.host.find('.'));
  if (is_secret_host(label)) replace_name(shown, label, "HOST");
  return shown;
}

Report redacted(Report report, const Secrets& secrets) {
  visit_texts(report, [&](std::string& text) { text = redacted(text, secrets); });
  return report;
}

}  // namespace tpmprobe::reports
