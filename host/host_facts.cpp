// SPDX-License-Identifier: BSD-2-Clause
#include "host/host_facts.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string_view>

#include <sys/utsname.h>

namespace tpmprobe::host {
namespace {

// The starts of their names: Debian puts versions into those of libraries.
constexpr std::array<std::string_view, 13> kPackages{
    "libtpm2-pkcs11-1", "libtpms0",       "libtss2-esys-",  "libtss2-fapi",
    "libtss2-tcti-",    "openssh-client", "openssh-server", "python3-tpm2-pkcs11-tools",
    "ssh-tpm-agent",    "swtpm",          "tpm2-abrmd",     "tpm2-openssl",
    "tpm2-tools"};

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  return std::move(all).str();
}

// What follows `key` at the start of a line; empty if no line starts with it.
std::string_view line_value(std::string_view text, std::string_view key) {
  std::size_t at = text.starts_with(key) ? 0 : text.find(std::string("\n").append(key));
  if (at == std::string_view::npos) return {};
  at = text.find(key, at) + key.size();
  return text.substr(at, text.find('\n', at) - at);
}

std::string unquoted(std::string_view value) {
  std::string text(value);
  std::erase(text, '"');
  return text;
}

// One stanza of dpkg's status file, if it is of a package that matters and is installed.
void add_package(std::string_view stanza, HostFacts& facts) {
  const auto name = line_value(stanza, "Package: ");
  const bool wanted = std::any_of(kPackages.begin(), kPackages.end(),
                                  [&](auto start) { return name.starts_with(start); });
  if (!wanted || line_value(stanza, "Status: ") != "install ok installed") return;
  facts.packages.emplace_back(name, line_value(stanza, "Version: "));
}

void read_packages(std::string_view status, HostFacts& facts) {
  while (!status.empty()) {
    const std::size_t end = status.find("\n\n");
    add_package(status.substr(0, end), facts);
    if (end == std::string_view::npos) break;
    status.remove_prefix(end + 2);
  }
  std::sort(facts.packages.begin(), facts.packages.end());
}

}  // namespace

HostFacts read_host_facts(const std::filesystem::path& root) {
  HostFacts facts;
  utsname kernel{};
  if (uname(&kernel) == 0) {
    facts.kernel = kernel.release;
    facts.architecture = kernel.machine;
  }
  auto release = contents(root / "etc/os-release");
  if (release.empty()) release = contents(root / "usr/lib/os-release");
  facts.distribution = unquoted(line_value(release, "PRETTY_NAME="));
  read_packages(contents(root / "var/lib/dpkg/status"), facts);
  return facts;
}

}  // namespace tpmprobe::host
