// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/posix/os_error.h"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace tpmprobe::tpm {

tl::unexpected<Error> os_failure(std::string_view what, int number, std::uint32_t command) {
  const bool denied = number == EACCES || number == EPERM;
  return fail(denied ? Error::Kind::no_access : Error::Kind::io, command,
              fmt::format("{}: {}", what, os_error_text(number)));
}

std::string os_error_text(int number) {
  return std::generic_category().message(number);
}

}  // namespace tpmprobe::tpm
