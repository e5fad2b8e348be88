// SPDX-License-Identifier: BSD-2-Clause
// Puts header, handles, authorization area and parameters behind each other. A command without
// authorizations has no area for them and another tag. build() is all there is to it; password()
// writes one TPMS_AUTH_COMMAND.
#include "tpm/command_builder.h"

#include "knowledge/handles.h"

namespace tpmprobe::tpm {

CommandBuilder& CommandBuilder::password(ByteView value) {
  header::append(passwords_, sizeof(std::uint32_t), knowledge::rs::kPw);
  header::append(passwords_, sizeof(std::uint16_t), 0);  // nonceCaller is empty
  header::append(passwords_, sizeof(std::uint8_t), 0);   // sessionAttributes
  header::append(passwords_, sizeof(std::uint16_t), value.size());
  passwords_.insert(passwords_.end(), value.begin(), value.end());
  return *this;
}

Bytes CommandBuilder::build() const {
  const bool plain = passwords_.empty();
  Bytes command = header::response(code_, plain ? header::kNoSessions : header::kSessions);
  command.insert(command.end(), handles_.begin(), handles_.end());
  if (!plain) header::append(command, sizeof(std::uint32_t), passwords_.size());
  command.insert(command.end(), passwords_.begin(), passwords_.end());
  command.insert(command.end(), parameters_.begin(), parameters_.end());
  header::store(command, header::kSizeOffset, sizeof(std::uint32_t), command.size());
  return command;
}

}  // namespace tpmprobe::tpm
