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

/// The answer to TPM2_GetRandom has so many octets at most.
void shorten_random(tpm::WireExchange& exchange, std::size_t most) {
  const auto* answer = exchange.success();
  if (answer == nullptr || answer->parameters.size() <= kSizeOfSize + most) return;
  const std::size_t start = answer->parameters_offset;
  const std::size_t end = start + answer->parameters.size();
  Bytes response = exchange.response();
  header::store(response, start, kSizeOfSize, most);
  if (answer->tag == header::kSessions)
    header::store(response, header::kSize, 4, kSizeOfSize + most);
  response.erase(response.begin() + static_cast<std::ptrdiff_t>(start + kSizeOfSize + most),
                 response.begin() + static_cast<std::ptrdiff_t>(end));
  header::store(response, header::kSizeOffset, 4, response.size());
  exchange.answer(std::move(response));
}

}  // namespace

struct FirmwareLayer::State {
  State(tpm::Transport& below, knowledge::FirmwareProfile its_profile, CapabilityLists its_lists)
      : engine(below),
        profile(std::move(its_profile)),
        lists(std::move(its_lists)),
        looks(profile.commands),
        book(below) {}

  Expected<void> pass_on(tpm::WireExchange& exchange, tpm::TimePoint deadline) {
    auto carried = engine.carry(exchange, deadline);
    if (carried) book.learn(exchange);
    return carried;
  }

  /// True if the command must not be executed, and is answered.
  Expected<bool> refuse(tpm::WireExchange& exchange, tpm::TimePoint deadline) {
    const auto refusal = find_refusal(exchange, Limits(profile, lists));
    if (!refusal) return false;
    return refused_earlier(engine, book, exchange, *refusal, deadline).map([&](bool earlier) {
      if (!earlier) exchange.answer(header::response(refusal->rc));
      return true;
    });
  }

  /// What the firmware says instead, for the commands that it answers otherwise.
  Expected<void> answer(tpm::WireExchange& exchange) {
    Expected<void> done;
    if (exchange.code() == knowledge::cc::kGetCapability) {
      done = CapabilityAnswer(lists, profile, engine).replace(exchange);
    } else {
      shorten_random(exchange, *most_random);
    }
    if (done) book.authorize_response(exchange);
    return done;
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

Expected<void> FirmwareLayer::carry(tpm::WireExchange& exchange, tpm::TimePoint deadline) {
  if (!has_good_header(exchange.command())) return below().carry(exchange, deadline);
  const std::uint32_t code = exchange.code();
  const Look look = state_->looks.of(code);
  if (look == Look::absent) {
    exchange.answer(header::response(knowledge::rc::kCommandCode));
    return {};
  }
  if (look == Look::parameters) {
    const auto refused = state_->refuse(exchange, deadline);
    if (!refused) return tl::unexpected(refused.error());
    if (*refused) return {};
  }
  auto carried = state_->pass_on(exchange, deadline);
  if (!carried || !state_->answers_otherwise(code, exchange.response())) return carried;
  return state_->answer(exchange);
}

const std::vector<std::string>& FirmwareLayer::missing() const {
  return state_->lists.missing();
}

}  // namespace tpmprobe::emulator
