// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/wire.h"

#include <utility>

#include "knowledge/octets.h"
#include "knowledge/text.h"

namespace tpmprobe::knowledge {
namespace {

using Octets = std::span<const std::uint8_t>;

// Part 1, 18.2 and 18.3: TPM_ST tag, UINT32 size, TPM_CC or TPM_RC.
constexpr std::size_t kHeaderSize = 10;
constexpr std::uint16_t kNoSessions = 0x8001;
constexpr std::uint16_t kSessions = 0x8002;
constexpr std::uint16_t kTpm12Response = 0x00c4;
constexpr std::size_t kMaxSessions = 3;

/// Takes values from the front of octets; after the first that does not fit all are 0 or empty.
class Reader {
 public:
  explicit Reader(Octets octets, std::size_t offset = 0) : octets_(octets), offset_(offset) {}

  Octets take(std::size_t size) {
    if (size > left()) {
      failed_ = true;
      offset_ = octets_.size();
      return {};
    }
    return octets_.subspan(std::exchange(offset_, offset_ + size), size);
  }

  template <typename Number>
  Number number() {
    const auto octets = take(sizeof(Number));
    return static_cast<Number>(big_endian(octets, 0, octets.size()));
  }

  Octets sized() { return take(number<std::uint16_t>()); }

  [[nodiscard]] std::size_t left() const { return octets_.size() - offset_; }
  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  Octets octets_;
  std::size_t offset_;
  bool failed_ = false;
};

struct Header {
  std::uint16_t tag = 0;
  std::uint32_t code = 0;
};

tl::unexpected<WireError> refuse(std::size_t offset, std::string message) {
  return tl::unexpected(WireError{offset, std::move(message)});
}

WireExpected<Header> read_header(Octets octets, std::string_view what) {
  if (octets.size() < kHeaderSize) {
    return refuse(octets.size(), "the " + std::string(what) + " has " +
                                     std::to_string(octets.size()) + " bytes, a header has 10");
  }
  Reader reader(octets);
  Header header;
  header.tag = reader.number<std::uint16_t>();
  const auto size = reader.number<std::uint32_t>();
  header.code = reader.number<std::uint32_t>();
  if (header.tag == kTpm12Response) {
    return refuse(0, "tag 0x00c4: this is a response from a TPM 1.2, code " + hex(header.code, 3));
  }
  if (header.tag != kNoSessions && header.tag != kSessions) {
    return refuse(0, "tag " + hex(header.tag, 4) + " is neither 0x8001 nor 0x8002");
  }
  if (size != octets.size()) {
    return refuse(2, "the header says " + std::to_string(size) + " bytes, there are " +
                         std::to_string(octets.size()));
  }
  return header;
}

bool take_handles(Reader& reader, std::size_t count, std::vector<std::uint32_t>& handles) {
  handles.reserve(count);
  for (std::size_t index = 0; index < count; ++index) {
    handles.push_back(reader.number<std::uint32_t>());
  }
  return !reader.failed();
}

WireAuth take_auth(Reader& reader) {
  WireAuth auth;
  auth.nonce = reader.sized();
  auth.attributes = reader.number<std::uint8_t>();
  auth.hmac = reader.sized();
  return auth;
}

WireExpected<void> take_command_auths(Reader& reader, Octets command,
                                      std::vector<WireAuth>& auths) {
  const auto size = reader.number<std::uint32_t>();
  if (reader.failed() || size > reader.left()) {
    return refuse(reader.offset(), "the authorization area is longer than the command");
  }
  const auto end = reader.offset() + size;
  Reader area(command.first(end), reader.offset());
  while (area.left() > 0 && auths.size() < kMaxSessions) {
    const auto session = area.number<std::uint32_t>();
    auths.push_back(take_auth(area));
    auths.back().session = session;
  }
  if (area.failed() || area.left() > 0 || auths.empty()) {
    return refuse(area.offset(), "the authorization area is not one to three authorizations");
  }
  reader.take(size);
  return {};
}

WireExpected<WireResponse> refuse_error_response(const Header& header, std::size_t size) {
  if (header.tag != kNoSessions) {
    return refuse(0, "a response with code " + hex(header.code, 3) + " must have tag 0x8001");
  }
  if (size != kHeaderSize) {
    return refuse(kHeaderSize, "a response with code " + hex(header.code, 3) + " has " +
                                   std::to_string(size) + " bytes, not 10");
  }
  WireResponse response;
  response.tag = header.tag;
  response.rc = header.code;
  response.parameters_offset = kHeaderSize;
  return response;
}

WireExpected<void> take_response_areas(Reader& reader, std::size_t sessions,
                                       WireResponse& response) {
  const auto size = sessions > 0 ? reader.number<std::uint32_t>() : reader.left();
  if (reader.failed() || size > reader.left()) {
    return refuse(reader.offset(), "the parameter area is longer than the response");
  }
  response.parameters_offset = reader.offset();
  response.parameters = reader.take(size);
  response.auths.reserve(sessions);
  for (std::size_t index = 0; index < sessions; ++index) {
    response.auths.push_back(take_auth(reader));
  }
  if (reader.failed()) {
    return refuse(reader.offset(),
                  "the response ends inside its authorizations, of which there "
                  "must be " +
                      std::to_string(sessions));
  }
  if (reader.left() > 0) {
    return refuse(reader.offset(),
                  std::to_string(reader.left()) + " bytes are left over after the authorizations");
  }
  return {};
}

}  // namespace

std::uint32_t command_code(Octets command) {
  return command.size() < kHeaderSize ? 0 : static_cast<std::uint32_t>(big_endian(command, 6, 4));
}

std::uint32_t response_code(Octets response) {
  return command_code(response);
}

WireExpected<WireCommand> split_command(Octets command) {
  const auto header = read_header(command, "command");
  if (!header) {
    return tl::unexpected(header.error());
  }
  WireCommand parts;
  parts.tag = header->tag;
  parts.code = header->code;
  parts.info = find_command(header->code);
  if (parts.info == nullptr) {
    return refuse(6, "command code " + hex(header->code, 8) + " is not in the command table");
  }
  Reader reader(command, kHeaderSize);
  if (!take_handles(reader, parts.info->handles.size(), parts.handles)) {
    return refuse(reader.offset(), "the command ends inside its handles");
  }
  if (parts.tag == kSessions) {
    if (auto taken = take_command_auths(reader, command, parts.auths); !taken) {
      return tl::unexpected(std::move(taken.error()));
    }
  }
  parts.parameters_offset = reader.offset();
  parts.parameters = reader.take(reader.left());
  return parts;
}

WireExpected<WireResponse> split_response(const CommandInfo& info, std::size_t sessions,
                                          Octets response) {
  const auto header = read_header(response, "response");
  if (!header) {
    return tl::unexpected(header.error());
  }
  if (header->code != 0) {
    return refuse_error_response(*header, response.size());
  }
  if (header->tag != (sessions > 0 ? kSessions : kNoSessions)) {
    return refuse(0, "tag " + hex(header->tag, 4) + " in the response to a command with " +
                         std::to_string(sessions) + " authorizations");
  }
  WireResponse parts;
  parts.tag = header->tag;
  Reader reader(response, kHeaderSize);
  if (!take_handles(reader, info.response_handles.size(), parts.handles)) {
    return refuse(reader.offset(), "the response ends inside its handles");
  }
  if (auto taken = take_response_areas(reader, sessions, parts); !taken) {
    return tl::unexpected(std::move(taken.error()));
  }
  return parts;
}

}  // namespace tpmprobe::knowledge
