// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/machine.h"

#include <algorithm>
#include <fstream>

namespace tpmprobe::probes {
namespace {

constexpr std::size_t kLongestFile = std::size_t{1} << 20;

std::filesystem::path below(const std::filesystem::path& root, const std::string& path) {
  return root / std::filesystem::path(path).relative_path();
}

}  // namespace

std::optional<std::string> Machine::content(const std::string& path) const {
  const auto place = below(root, path);
  std::error_code error;
  // A pipe that nobody writes would keep us for ever.
  if (!std::filesystem::is_regular_file(place, error)) return std::nullopt;
  std::ifstream stream(place, std::ios::binary);
  if (!stream) return std::nullopt;
  std::string text(kLongestFile, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

std::vector<std::string> Machine::files_in(const std::string& folder) const {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(below(root, folder), error)) {
    paths.push_back((std::filesystem::path(folder) / entry.path().filename()).string());
  }
  std::ranges::sort(paths);
  return paths;
}

std::optional<std::string> Machine::real_path(const std::string& path) const {
  std::error_code error, of_root;
  const auto found = std::filesystem::canonical(below(root, path), error);
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

}  // namespace tpmprobe::probes
