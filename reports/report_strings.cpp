// SPDX-License-Identifier: BSD-2-Clause
// Redaction and cleaning change every text of a report, the one some, the other all. `Texts` is a
// visitor of the table in members.h that hands them out; the table says which is of which kind.
// What is no text is passed over.
#include "reports/report_strings.h"

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

}  // namespace tpmprobe::reports
