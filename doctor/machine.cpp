// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/machine.h"

#include <algorithm>
#include <fstream>

namespace tpmprobe::doctor {
namespace {

constexpr std::size_t kLongestFile = std::size_t{1} << 20;

}  // namespace

std::string Machine::absolute(const std::string& path) const {
  return (std::filesystem::path(folder) / path).string();
}

std::filesystem::path Machine::place(const std::string& path) const {
  return root / std::filesystem::path(absolute(path)).relative_path();
}

bool Machine::has_file(const std::string& path) const {
  std::error_code error;
  return std::filesystem::is_regular_file(place(path), error);
}

std::optional<std::string> Machine::content(const std::string& path) const {
  // A pipe that nobody writes would keep us for ever.
  if (!has_file(path)) return std::nullopt;
  std::ifstream stream(place(path), std::ios::binary);
  if (!stream) return std::nullopt;
  std::string text(kLongestFile, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

std::vector<std::string> Machine::files_in(const std::string& where) const {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(place(where), error)) {
    paths.push_back((std::filesystem::path(where) / entry.path().filename()).string());
  }
  std::ranges::sort(paths);
  return paths;
}

std::optional<std::string> Machine::real_path(const std::string& path) const {
  std::error_code error, of_root;
  const auto found = std::filesystem::canonical(place(path), error);
  const auto start = std::filesystem::canonical(root, of_root);
  if (error || of_root) return std::nullopt;
  return (std::filesystem::path("/") / found.lexically_relative(start)).string();
}

std::optional<std::string> Machine::version_of(std::string_view start) const {
  for (const auto& [name, version] : packages) {
    if (name.starts_with(start)) return version;
  }
  return std::nullopt;
}

std::optional<std::string> Machine::variable(const char* name) const {
  auto value = environment(name);
  return value && !value->empty() ? value : std::nullopt;
}

}  // namespace tpmprobe::doctor
