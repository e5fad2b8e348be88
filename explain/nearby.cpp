// SPDX-License-Identifier: BSD-2-Clause
#include "explain/nearby.h"

#include <algorithm>

#include "explain/read/find_context.h"

namespace tpmprobe::explain {
namespace {

constexpr std::size_t kMostOctets = 1000;  ///< of a line that are searched for words

}  // namespace

void Neighbourhood::push(std::string_view line) {
  ++lines_;
  Line& next = last_.at(lines_ % kNearLines);
  next.text.assign(line.substr(0, kMostOctets));
  next.is_read = false;
}

void Neighbourhood::open(std::size_t entry) {
  std::erase_if(open_, [&](const Open& other) { return other.entry == entry; });
  open_.push_back({entry, lines_});
}

const std::vector<Neighbourhood::Open>& Neighbourhood::open_entries() {
  if (!open_.empty()) {
    std::erase_if(open_, [&](const Open& each) { return lines_ - each.last_line >= kNearLines; });
  }
  return open_;
}

knowledge::ContextWords Neighbourhood::words_before() {
  knowledge::ContextWords words;
  for (Line& line : last_) words |= words_of(line);
  return words;
}

const knowledge::ContextWords& Neighbourhood::words_here() {
  return words_of(last_.at(lines_ % kNearLines));
}

const knowledge::ContextWords& Neighbourhood::words_of(Line& line) {
  if (!line.is_read) line.words = find_context(line.text);
  line.is_read = true;
  return line.words;
}

}  // namespace tpmprobe::explain
