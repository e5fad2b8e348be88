// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/firmware/firmware_layer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "emulator/authorization/session_book.h"
#include "emulator/firmware/capability_lists.h"
#include "emulator/firmware/refusal.h"
#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "knowledge/handles.h"
#include "knowledge/property_tags.h"
#include "knowledge/rc.h"
#include "knowledge/rc_values.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

/// Whether what this authorization says depends on the parameters.
bool covers_parameters(const knowledge::WireAuth& auth) {
  return auth.session != knowledge::rs::kPw &&
         (!auth.hmac.empty() || (auth.attributes & knowledge::kSessionDecrypt) != 0);
}

Bytes cut(ByteView command, std::size_t size) {
  Bytes shorter(command.begin(), command.begin() + static_cast<std::ptrdiff_t>(size));
  tpm::header::store(shorter, tpm::header::kSizeOffset, 4, size);
  return shorter;
}

/// Whether a TPM says this only after it has accepted handles, sessions and earlier parameters.
bool reached(std::uint32_t rc, unsigned parameter) {
  const auto where = knowledge::decode_rc(rc).where;
  return where.place == knowledge::RcPlace::parameter && where.index >= parameter;
}

/// Asks `engine` whether it lets a command come as far as the parameter that is to be refused: the
/// handles must exist, the authorizations must be right, earlier parameters must be well-formed.
/// The engine sees the command cut off there, so that it cannot execute it, and counts a wrong
/// password. HMACs, which such a cut would break, are checked by `book`; a command whose HMAC is
/// wrong goes to the engine as it is.
///
/// True if the caller is to have the engine's answer, which then is the answer of `exchange`.
/// Errors: those of the transport.
Expected<bool> refused_earlier(tpm::Transport& engine, SessionBook& book,
                               tpm::WireExchange& exchange, const Refusal& refusal,
                               tpm::TimePoint deadline) {
  if (std::ranges::any_of(exchange.request()->auths, covers_parameters)) {
    if (book.check(exchange) != Authorized::no) return false;
    return engine.carry(exchange, deadline).map([] { return true; });
  }
  auto response = engine.transmit(cut(exchange.command(), refusal.offset), deadline);
  if (!response) return tl::unexpected(std::move(response.error()));
  if (reached(knowledge::response_code(*response), refusal.parameter)) return false;
  exchange.answer(std::move(*response));
  return true;
}

/// What a firmware has to look at in a command.
enum class Look : std::uint8_t {
  nothing,     ///< it passes as it is
  absent,      ///< the firmware does not have this command
  parameters,  ///< some could be refused
};

/// One look for each command, found once.
class CommandLooks {
 public:
  /// `commands` are the TPMA_CC that the firmware has; nullopt: all.
  explicit CommandLooks(const std::optional<std::vector<std::uint32_t>>& commands);

  /// By TPM_CC.
  [[nodiscard]] Look of(std::uint32_t code) const;

 private:
  static constexpr std::size_t kLibrary = 0x200;  // past the last code of Part 2, 6.5.2

  std::array<Look, kLibrary> library_{};
  bool any_vendor_ = false;
  std::vector<std::uint32_t> vendor_;
};

constexpr std::uint32_t kCommandIndex = 0xFFFF;  // commandIndex

Look look_of(const knowledge::CommandInfo& info) {
  const bool some = std::ranges::any_of(info.parameters, [](const knowledge::Field& parameter) {
    return can_be_refused(knowledge::types()[parameter.type]);
  });
  return some ? Look::parameters : Look::nothing;
}

CommandLooks::CommandLooks(const std::optional<std::vector<std::uint32_t>>& commands)
    : any_vendor_(!commands) {
  library_.fill(commands ? Look::absent : Look::nothing);
  for (const std::uint32_t attributes : commands.value_or(std::vector<std::uint32_t>{})) {
    const std::uint32_t index = attributes & kCommandIndex;
    if ((attributes & knowledge::kCcV) != 0)
      vendor_.push_back(attributes & (knowledge::kCcV | kCommandIndex));
    if ((attributes & knowledge::kCcV) == 0 && index < kLibrary) library_[index] = Look::nothing;
  }
  for (const knowledge::CommandInfo& info : knowledge::commands()) {
    if (info.code < kLibrary && library_[info.code] != Look::absent) {
      library_[info.code] = look_of(info);
    }
  }
}

Look CommandLooks::of(std::uint32_t code) const {
  if (code < kLibrary) return library_[code];
  const bool has = any_vendor_ || std::ranges::find(vendor_, code) != vendor_.end();
  return has ? Look::nothing : Look::absent;
}

/// Answers TPM2_GetCapability for a firmware.
class CapabilityAnswer {
 public:
  /// All outlive this. `profile` says which PCR banks the firmware has, and whether it refuses to
  /// list its curves.
  CapabilityAnswer(const CapabilityLists& lists, const knowledge::FirmwareProfile& profile,
                   tpm::Transport& engine)
      : lists_(lists), profile_(profile), engine_(engine) {}

  /// Puts what the firmware says in place of what the engine answered. Errors: those of the
  /// transport.
  Expected<void> replace(tpm::WireExchange& exchange) const;

 private:
  [[nodiscard]] Expected<CapabilityPage> page_of(CapabilityList list, std::uint32_t first,
                                                 std::size_t count) const;
  [[nodiscard]] Expected<void> add_variable(CapabilityPage& page, std::size_t count) const;
  void hide_banks(CapabilityPage& page) const;

  const CapabilityLists& lists_;
  const knowledge::FirmwareProfile& profile_;
  tpm::Transport& engine_;
};

// Part 2, 10.9.1 "MAX_CAP_DATA": MAX_CAP_BUFFER less the capability and the count.
constexpr std::size_t kMaxCapBuffer = 1024;
constexpr std::size_t kMaxCapData = kMaxCapBuffer - 2 * sizeof(std::uint32_t);

constexpr std::array kProfileLists = {CapabilityList::algorithms, CapabilityList::commands,
                                      CapabilityList::properties, CapabilityList::curves};

/// How many entries of a list fit into one answer.
std::size_t room(CapabilityList list) {
  switch (list) {
    case CapabilityList::algorithms:
      return kMaxCapData / 6;
    case CapabilityList::properties:
      return kMaxCapData / 8;
    case CapabilityList::curves:
    case CapabilityList::pcr_banks:
      return kMaxCapData / 2;
    case CapabilityList::commands:
    case CapabilityList::handles:
      break;
  }
  return kMaxCapData / 4;
}

Expected<void> CapabilityAnswer::replace(tpm::WireExchange& exchange) const {
  if (exchange.success() == nullptr) return {};
  if (asks_for(exchange, capability_of(CapabilityList::curves)) && profile_.curves_refused) {
    exchange.answer(tpm::header::response(*profile_.curves_refused));
    return {};
  }
  if (auto banks = read_page(exchange, CapabilityList::pcr_banks)) {
    hide_banks(*banks);
    replace_page(exchange, *banks);
    return {};
  }
  const auto list = std::ranges::find_if(
      kProfileLists, [&](CapabilityList one) { return asks_for(exchange, capability_of(one)); });
  const auto first = static_cast<std::uint32_t>(exchange.asked().value("property"));
  if (list == kProfileLists.end() || lists_.find(*list) == nullptr ||
      (*list == CapabilityList::properties && first >= knowledge::kPtVar)) {
    return {};
  }
  const std::size_t count =
      std::min<std::size_t>(exchange.asked().value("propertyCount"), room(*list));
  return page_of(*list, first, count).map([&](const CapabilityPage& page) {
    replace_page(exchange, page);
  });
}

Expected<CapabilityPage> CapabilityAnswer::page_of(CapabilityList list, std::uint32_t first,
                                                   std::size_t count) const {
  CapabilityPage page;
  std::ranges::copy_if(*lists_.find(list), std::back_inserter(page.entries),
                       [&](const CapabilityEntry& entry) { return entry.key >= first; });
  page.more_data = page.entries.size() > count;
  if (page.more_data) page.entries.resize(count);
  if (page.more_data || list != CapabilityList::properties) return page;
  return add_variable(page, count).map([&] { return std::move(page); });
}

// The two groups of TPM_PT are one list (Part 3, 30.2.1), and the second of them is live.
Expected<void> CapabilityAnswer::add_variable(CapabilityPage& page, std::size_t count) const {
  auto variable =
      read_entries(engine_, CapabilityList::properties, knowledge::kPtVar, 2 * knowledge::kPtVar);
  if (!variable) return tl::unexpected(variable.error());
  const std::size_t left = count - page.entries.size();
  page.more_data = variable->size() > left;
  if (page.more_data) variable->resize(left);
  std::ranges::move(*variable, std::back_inserter(page.entries));
  return {};
}

void CapabilityAnswer::hide_banks(CapabilityPage& page) const {
  if (!profile_.algorithms) return;
  std::erase_if(page.entries, [&](const CapabilityEntry& bank) {
    return std::ranges::find(*profile_.algorithms, bank.key, &knowledge::AlgorithmEntry::id) ==
           profile_.algorithms->end();
  });
}

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
