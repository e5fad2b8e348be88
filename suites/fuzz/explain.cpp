// SPDX-License-Identifier: BSD-2-Clause
// Any octets at all, as a log and as one word: read, joined and written in every form.
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string_view>

#include "explain/json.h"
#include "explain/log.h"
#include "explain/read/decoder_texts.h"
#include "explain/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace std::string_view_literals;
  namespace explain = tpmprobe::explain;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  static_cast<void>(explain::read_code(rest));
  explain::LogExplainer explainer;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    explainer.read_line(rest.substr(0, end));
    rest = end == rest.npos ? ""sv : rest.substr(end + 1);
  }
  const auto text = std::move(explainer).finish();
  std::ostringstream json, page;
  explain::write_json(text, json);
  explain::write_text(text, {}, page);
  return 0;
}
