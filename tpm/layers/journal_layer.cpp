// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/layers/journal_layer.h"

#include <cerrno>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

#include "tpm/posix/descriptor.h"

namespace tpmprobe::tpm {

Expected<TransportPtr> JournalLayer::create(TransportPtr below, const std::filesystem::path& file,
                                            const Clock& clock) {
  constexpr mode_t kOnlyOwner = 0600;
  UniqueFd descriptor(
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, kOnlyOwner));
  if (!descriptor) return os_failure("cannot write " + file.string(), errno);
  return TransportPtr(new JournalLayer(std::move(below), std::move(descriptor), clock));
}

Expected<void> JournalLayer::carry(WireExchange& exchange, TimePoint deadline) {
  const auto start = clock_.now();
  auto carried = below().carry(exchange, deadline);
  JournalEntry entry;
  entry.command = exchange.code();
  entry.milliseconds = milliseconds(clock_.now() - start);
  if (carried) {
    entry.rc = exchange.rc();
  } else {
    entry.error = 1 + static_cast<std::uint32_t>(carried.error().kind);
  }
  // A full disk costs the journal, not the client its answer.
  static_cast<void>(::write(file_.get(), &entry, sizeof entry) == sizeof entry);
  return carried;
}

std::vector<JournalEntry> read_journal(const std::filesystem::path& file, std::size_t from) {
  std::ifstream stream(file, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(from * sizeof(JournalEntry)));
  std::vector<JournalEntry> entries;
  JournalEntry entry;
  while (stream.read(reinterpret_cast<char*>(&entry), sizeof entry)) entries.push_back(entry);
  return entries;
}

}  // namespace tpmprobe::tpm
