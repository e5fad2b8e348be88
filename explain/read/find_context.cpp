// SPDX-License-Identifier: BSD-2-Clause
#include "explain/read/find_context.h"

#include <algorithm>
#include <string>

#include "knowledge/ascii.h"

namespace tpmprobe::explain {
namespace {

bool is_inside_word(char c) {
  return knowledge::is_letter(c) || knowledge::is_digit(c);
}

/// A word that ends in '_' or a blank is the start of one, and so on: only what the word itself has
/// at its ends is asked of the text around it.
bool stands_alone(std::string_view line, std::size_t at, std::string_view word) {
  const std::size_t end = at + word.size();
  const bool open = at == 0 || !is_inside_word(word.front()) || !is_inside_word(line[at - 1]);
  const bool closed =
      end == line.size() || !is_inside_word(word.back()) || !is_inside_word(line[end]);
  return open && closed;
}

bool has_word(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != std::string_view::npos;
       at = line.find(word, at + 1)) {
    if (stands_alone(line, at, word)) return true;
  }
  return false;
}

}  // namespace

knowledge::ContextWords find_context(std::string_view line) {
  const std::string lowered = knowledge::lower(line);
  knowledge::ContextWords found;
  const auto words = knowledge::context_words();
  for (std::size_t i = 0; i < words.size(); ++i) found[i] = has_word(lowered, words[i]);
  return found;
}

std::size_t after_tpm_error() {
  static const auto number = static_cast<std::size_t>(
      std::ranges::find(knowledge::context_words(), "<after an error of the tpm>") -
      knowledge::context_words().begin());
  return number;
}

}  // namespace tpmprobe::explain
