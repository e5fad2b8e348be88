// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/transport/open.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

#include "tpm/transport/device.h"
#include "tpm/transport/swtpm.h"
#include "tpm/transport/tctildr.h"

namespace tpmprobe::tpm {
namespace {

/// The two halves of "NAME:REST".
struct Configuration {
  std::string_view name;
  std::string_view rest;
};

Configuration split(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  return {text.substr(0, colon), text.substr(std::min(colon + 1, text.size()))};
}

bool is_control(unsigned char octet) {
  return octet < ' ' || octet == 0x7f;
}

bool is_plausible(const Configuration& configuration) {
  const auto is_odd = [](unsigned char octet) { return octet == ' ' || is_control(octet); };
  return !configuration.name.empty() && std::ranges::none_of(configuration.name, is_odd);
}

tl::unexpected<Error> implausible(std::string text) {
  std::ranges::replace_if(text, is_control, '?');
  return fail(
      Error::Kind::tss, 0,
      fmt::format(
          "\"{}\" is not a TCTI configuration like device:/dev/tpmrm0, tabrmd or swtpm:path=SOCKET",
          text));
}

std::string default_device() {
  constexpr const char* kManaged = "/dev/tpmrm0";
  constexpr const char* kRaw = "/dev/tpm0";
  return ::access(kManaged, F_OK) != 0 && ::access(kRaw, F_OK) == 0 ? kRaw : kManaged;
}

/// Both device nodes of one TPM have one key: /dev/tpmrm0 and /dev/tpm0 are the same chip.
std::string device_key(const std::string& path) {
  std::error_code ignored;
  std::filesystem::path real = std::filesystem::canonical(path, ignored);
  if (real.empty()) real = path;
  const std::string file = real.filename().string();
  constexpr std::string_view kManaged = "tpmrm";
  if (file.starts_with(kManaged)) real.replace_filename("tpm" + file.substr(kManaged.size()));
  return "device:" + real.string();
}

Expected<OpenedTransport> open_device(std::string_view given, const Clock& clock) {
  const std::string path = given.empty() ? default_device() : std::string(given);
  auto device = DeviceTransport::open(path, clock);
  if (!device) return tl::unexpected(device.error());
  const std::string name = path.starts_with("/dev/") ? "device:" + path : "device";
  return OpenedTransport{std::move(*device), name, device_key(path)};
}

Expected<OpenedTransport> open_swtpm(std::string_view configuration, Clock& clock) {
  auto swtpm = SwtpmTransport::open(configuration, clock);
  if (!swtpm) return tl::unexpected(swtpm.error());
  const std::string key = "swtpm:" + canonical_name((*swtpm)->endpoint());
  return OpenedTransport{std::move(*swtpm), "swtpm", key};
}

Expected<OpenedTransport> open_other(std::string_view configuration, Clock& clock) {
  auto transport = TctiLdrTransport::open(std::string(configuration), clock);
  if (!transport) return tl::unexpected(transport.error());
  // The name may be the path of a library.
  const auto name = std::filesystem::path(split(configuration).name).filename().string();
  return OpenedTransport{std::move(*transport), name, std::string(configuration)};
}

}  // namespace

Expected<OpenedTransport> open_transport(std::string_view tcti_conf, Clock& clock) {
  const Configuration configuration = split(tcti_conf);
  if (!is_plausible(configuration)) return implausible(std::string(tcti_conf));
  if (configuration.name == "device") return open_device(configuration.rest, clock);
  if (configuration.name == "swtpm") return open_swtpm(configuration.rest, clock);
  return open_other(tcti_conf, clock);
}

}  // namespace tpmprobe::tpm
