// SPDX-License-Identifier: BSD-2-Clause
// Reads the parts of a command and its response when they are asked for. What is kept points into
// the octets, so `answer` and `take_response` drop what was read of a response; the command never
// changes. Read request() and reply() first: the parameters build on them.
#include "tpm/wire_exchange.h"

namespace tpmprobe::tpm {

using knowledge::WireCommand;
using knowledge::WireExpected;
using knowledge::WireResponse;
using Fields = std::vector<knowledge::WireField>;

const WireExpected<WireCommand>& WireExchange::request() const {
  if (!request_) request_ = knowledge::split_command(command_);
  return *request_;
}

const Parameters& WireExchange::asked() const {
  if (!asked_) {
    asked_ = Parameters{command_, {}};
    if (request()) asked_->fields = knowledge::read_parameters(*request()).value_or(Fields{});
  }
  return *asked_;
}

void WireExchange::answer(Bytes response) {
  reply_.reset();
  given_.reset();
  response_ = std::move(response);
}

Bytes WireExchange::take_response() {
  Bytes taken = std::move(response_);
  answer({});
  return taken;
}

const WireExpected<WireResponse>& WireExchange::reply() const {
  if (!reply_) {
    reply_ = request().and_then([&](const WireCommand& command) {
      return knowledge::split_response(*command.info, command.auths.size(), response_);
    });
  }
  return *reply_;
}

const WireResponse* WireExchange::success() const {
  return rc() == 0 && reply() ? &*reply() : nullptr;
}

const Parameters& WireExchange::given() const {
  if (!given_) {
    given_ = Parameters{response_, {}};
    if (const auto* answer = success()) {
      given_->fields = knowledge::read_parameters(*request()->info, *answer).value_or(Fields{});
    }
  }
  return *given_;
}

}  // namespace tpmprobe::tpm
