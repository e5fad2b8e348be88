// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/firmware/firmware_layer.h"

#include <utility>

#include "emulator/firmware/admission.h"
#include "emulator/firmware/capability_answer.h"
#include "emulator/firmware/command_looks.h"
#include "knowledge/command_codes.h"
#include "knowledge/property_tags.h"
#include "knowledge/rc_values.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

namespace header = tpm::header;

constexpr std::size_t kSizeOfSize = 2;  // of a TPM2B

/// Whether tag and size are what a TPM looks at the code behind.
bool has_good_header(ByteView command) {
  return (header::tag(command) == header::kNoSessions ||
          header::tag(command) == header::kSessions) &&
         command.size() >= header::kSize && header::claimed_size(command) == command.size();
}

/// The answer to TPM2_GetRandom with so many octets.
Bytes shorten_random(const CommandView& command, Bytes response, std::size_t most) {
  const auto answer = command.split_response(response);
  if (!answer || answer->parameters.size() <= kSizeOfSize + most) return response;
  const std::size_t start = answer->parameters_offset;
  const std::size_t end = start + answer->parameters.size();
  header::store(response, start, kSizeOfSize, most);
  if (answer->tag == header::kSessions)
    header::store(response, header::kSize, 4, kSizeOfSize + most);
  response.erase(response.begin() + static_cast<std::ptrdiff_t>(start + kSizeOfSize + most),
                 response.begin() + static_cast<std::ptrdiff_t>(end));
  header::store(response, header::kSizeOffset, 4, response.size());
  return response;
}

}  // namespace

struct FirmwareLayer::State {
  State(tpm::Transport& below, knowledge::FirmwareProfile its_profile, CapabilityLists its_lists)
      : engine(below),
        profile(std::move(its_profile)),
        lists(std::move(its_lists)),
        looks(profile.commands),
        book(below) {}

  Expected<Bytes> pass_on(ByteView command, tpm::TimePoint deadline) {
    auto response = engine.transmit(command, deadline);
    if (response) book.learn(command, *response);
    return response;
  }

  /// The answer to a command that must not be executed, or nothing.
  Expected<std::optional<Bytes>> refuse(ByteView command, tpm::TimePoint deadline) {
    const auto split = knowledge::split_command(command);
    if (!split) return std::nullopt;
    const auto refusal = find_refusal(command, *split, Limits(profile, lists));
    if (!refusal) return std::nullopt;
    return refused_earlier(engine, book, command, *split, *refusal, deadline)
        .map([&](std::optional<Bytes>&& earlier) {
          return earlier ? std::move(earlier) : std::optional(header::response(refusal->rc));
        });
  }

  /// With what the firmware says instead, for the commands that it answers otherwise.
  Expected<Bytes> answer(ByteView command, Bytes response) {
    const CommandView view(command);
    auto changed = view.code() == knowledge::cc::kGetCapability
                       ? CapabilityAnswer(lists, profile, engine).instead_of(command, response)
                       : shorten_random(view, response, *most_random);
    if (!changed || *changed == response) return changed;
    return book.authorize_response(command, std::move(*changed));
  }

  /// Whether the answer to this command is not the firmware's.
  bool answers_otherwise(std::uint32_t code, const Bytes& response) const {
    return code == knowledge::cc::kGetCapability ||
           (code == knowledge::cc::kGetRandom && most_random &&
            response.size() > header::kSize + kSizeOfSize + *most_random);
  }

  tpm::Transport& engine;
  knowledge::FirmwareProfile profile;
  CapabilityLists lists;
  CommandLooks looks;
  SessionBook book;
  /// TPM2_GetRandom gives no more than the longest digest (Part 3, 16.1.1).
  std::optional<std::uint32_t> most_random = lists.property(knowledge::kPtMaxDigest);
};

Expected<std::unique_ptr<FirmwareLayer>> FirmwareLayer::create(tpm::TransportPtr below,
                                                               knowledge::FirmwareProfile profile) {
  return CapabilityLists::create(*below, profile).map([&](CapabilityLists&& lists) {
    auto state = std::make_unique<State>(*below, std::move(profile), std::move(lists));
    return std::unique_ptr<FirmwareLayer>(new FirmwareLayer(std::move(below), std::move(state)));
  });
}

FirmwareLayer::FirmwareLayer(tpm::TransportPtr below, std::unique_ptr<State> state)
    : Layer(std::move(below)), state_(std::move(state)) {}

FirmwareLayer::~FirmwareLayer() = default;

Expected<Bytes> FirmwareLayer::transmit(ByteView command, tpm::TimePoint deadline) {
  if (!has_good_header(command)) return below().transmit(command, deadline);
  const std::uint32_t code = knowledge::command_code(command);
  const Look look = state_->looks.of(code);
  if (look == Look::absent) return header::response(knowledge::rc::kCommandCode);
  if (look == Look::parameters) {
    auto refused = state_->refuse(command, deadline);
    if (!refused) return tl::unexpected(std::move(refused.error()));
    if (*refused) return std::move(**refused);
  }
  auto response = state_->pass_on(command, deadline);
  if (!response || !state_->answers_otherwise(code, *response)) return response;
  return state_->answer(command, std::move(*response));
}

const std::vector<std::string>& FirmwareLayer::missing() const {
  return state_->lists.missing();
}

}  // namespace tpmprobe::emulator
