// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace tpmprobe::knowledge {

using Octets = std::vector<std::uint8_t>;

/// The octets of hexadecimal digits; blanks between them are for the reader.
inline Octets from_hex(std::string_view text) {
  Octets octets;
  std::string digits;
  for (const char digit : text) {
    if (digit != ' ') {
      digits += digit;
    }
    if (digits.size() == 2) {
      octets.push_back(static_cast<std::uint8_t>(std::stoul(digits, nullptr, 16)));
      digits.clear();
    }
  }
  return octets;
}

struct Exchange {
  Octets command;
  Octets response;
};

/// The lines of a file in data/ that are not comments.
inline std::vector<std::string> data_lines(const std::string& name) {
  std::ifstream file(TPMPROBE_SOURCE_DIR "/suites/unit/knowledge/data/" + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line.front() != '#') {
      lines.push_back(line);
    }
  }
  return lines;
}

/// What tpm2-tools and swtpm said to each other, see data/traffic.txt.
inline const std::vector<Exchange>& traffic() {
  static const auto exchanges = [] {
    std::vector<Exchange> pairs;
    for (const auto& line : data_lines("traffic.txt")) {
      const auto blank = line.find(' ');
      pairs.push_back({from_hex(line.substr(0, blank)), from_hex(line.substr(blank + 1))});
    }
    return pairs;
  }();
  return exchanges;
}

/// A small generator of numbers that are the same in every run and on every machine.
class Numbers {
 public:
  std::uint32_t next(std::uint32_t bound) {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    return static_cast<std::uint32_t>(state_ >> 16U) % bound;
  }

  Octets octets(std::size_t size) {
    Octets result(size);
    for (auto& octet : result) {
      octet = static_cast<std::uint8_t>(next(256));
    }
    return result;
  }

 private:
  std::uint64_t state_ = 0x9e3779b97f4a7c15;
};

}  // namespace tpmprobe::knowledge
