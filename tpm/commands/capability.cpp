// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/capability.h"

#include <algorithm>

#include <fmt/format.h>

#include "tpm/esys/convert.h"
#include "tpm/esys/link.h"

namespace tpmprobe::tpm {
namespace {

constexpr std::uint32_t kAskedAtOnce = 127;  // what fits into the 1 KiB of MAX_CAP_BUFFER
constexpr int kMostPages = 64;               // a TPM with as many entries as that does not exist

struct Page {
  EsysPtr<TPMS_CAPABILITY_DATA> data;
  bool more = false;
};

Expected<Page> get_page(Session& session, TPM2_CAP capability, std::uint32_t property,
                        std::uint32_t count) {
  TPMI_YES_NO more = TPM2_NO;
  TPMS_CAPABILITY_DATA* data = nullptr;
  auto read = session.link()->run(TPM2_CC_GetCapability, [&](ESYS_CONTEXT* esys) {
    return Esys_GetCapability(esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, capability, property,
                              count, &more, &data);
  });
  if (!read) return tl::unexpected(read.error());
  return Page{EsysPtr<TPMS_CAPABILITY_DATA>(data), more == TPM2_YES};
}

/// How the entries of one capability are told apart.
template <typename Entry>
struct List {
  TPM2_CAP capability;
  std::uint32_t first;  ///< property to start at
  std::uint32_t past;   ///< entries at or beyond this belong to the next group
  std::vector<Entry> (*entries)(const TPMU_CAPABILITIES&);
  std::uint32_t (*property)(const Entry&);
};

Error no_progress(TPM2_CAP capability, std::uint32_t property) {
  return Error{Error::Kind::malformed, 0, TPM2_CC_GetCapability,
               fmt::format("asked for entries of capability {} from 0x{:x} on, the TPM returns "
                           "nothing new but says that there is more",
                           capability, property)};
}

/// How reading a list goes on after a page.
enum class After { next_page, end, no_progress };

// Takes the entries of one page that are new; `next` becomes the property to ask for after it. Some
// firmware does not sort them (Nuvoton 7.2.0.1 has the curves 3, 16, 4): only a page in which
// nothing is new, with more to come, is a TPM that does not get on.
template <typename Entry>
After take(const Page& page, const List<Entry>& list, std::uint32_t& next,
           std::vector<Entry>& sink) {
  const std::uint32_t asked = next;
  const auto entries = list.entries(page.data->data);
  for (const Entry& entry : entries) {
    const std::uint32_t property = list.property(entry);
    if (property >= list.past) return After::end;
    if (property < asked) continue;
    sink.push_back(entry);
    next = std::max(next, property + 1);
  }
  if (!page.more) return After::end;
  return next == asked ? After::no_progress : After::next_page;
}

// What has been read so far goes to `sink` even if a later page fails.
template <typename Entry>
Expected<void> read_list(Session& session, const List<Entry>& list,
                         std::optional<std::vector<Entry>>& sink) {
  std::uint32_t next = list.first;
  for (int pages = 0; pages < kMostPages; ++pages) {
    auto page = get_page(session, list.capability, next, kAskedAtOnce);
    if (!page) return tl::unexpected(page.error());
    if (!sink) sink.emplace();
    const After after = take(*page, list, next, *sink);
    if (after == After::end) return {};
    if (after == After::no_progress) break;
  }
  return tl::unexpected(no_progress(list.capability, next));
}

using knowledge::AlgorithmEntry;
using knowledge::PcrBank;
using knowledge::Property;

constexpr std::uint32_t kNoEnd = 0xffffffff;

constexpr List<AlgorithmEntry> kAlgorithms{
    TPM2_CAP_ALGS, 0, kNoEnd,
    [](const TPMU_CAPABILITIES& data) {
      std::vector<AlgorithmEntry> entries;
      for (UINT32 i = 0; i < data.algorithms.count; ++i) {
        const auto& from = data.algorithms.algProperties[i];
        entries.push_back({from.alg, from.algProperties});
      }
      return entries;
    },
    [](const AlgorithmEntry& entry) -> std::uint32_t { return entry.id; }};

constexpr List<std::uint16_t> kCurves{
    TPM2_CAP_ECC_CURVES, 0, kNoEnd,
    [](const TPMU_CAPABILITIES& data) {
      const auto& from = data.eccCurves;
      return std::vector<std::uint16_t>(from.eccCurves, from.eccCurves + from.count);
    },
    [](const std::uint16_t& curve) -> std::uint32_t { return curve; }};

// A command is asked for by its TPM_CC with the vendor bit (Part 3, 30.2.1), so those two fields of
// the TPMA_CC are what has to grow.
constexpr std::uint32_t kCommandIndex = TPMA_CC_COMMANDINDEX_MASK | TPMA_CC_V;

constexpr List<std::uint32_t> kCommands{
    TPM2_CAP_COMMANDS, TPM2_CC_FIRST, kNoEnd,
    [](const TPMU_CAPABILITIES& data) {
      const auto& from = data.command;
      return std::vector<std::uint32_t>(from.commandAttributes,
                                        from.commandAttributes + from.count);
    },
    [](const std::uint32_t& attributes) { return attributes & kCommandIndex; }};

std::vector<Property> properties(const TPMU_CAPABILITIES& data) {
  std::vector<Property> entries;
  for (UINT32 i = 0; i < data.tpmProperties.count; ++i) {
    const auto& from = data.tpmProperties.tpmProperty[i];
    entries.push_back({from.property, from.value});
  }
  return entries;
}

constexpr List<Property> property_list(std::uint32_t first) {
  return {TPM2_CAP_TPM_PROPERTIES, first, first + TPM2_PT_GROUP, properties,
          [](const Property& property) { return property.tag; }};
}

std::vector<std::uint32_t> handles(const TPMU_CAPABILITIES& data) {
  return {data.handles.handle, data.handles.handle + data.handles.count};
}

constexpr List<std::uint32_t> handle_list(std::uint32_t first) {
  return {TPM2_CAP_HANDLES, first, first + 0x01000000, handles,
          [](const std::uint32_t& handle) { return handle; }};
}

// Asked for loaded sessions (0x02) a TPM gives policy sessions (0x03) as well, and asked for saved
// ones (0x03) it gives HMAC sessions (0x02): Part 2, 7.2 numbers both kinds together.
template <std::uint32_t kFirst>
constexpr List<std::uint32_t> session_list() {
  return {TPM2_CAP_HANDLES, kFirst, kNoEnd, handles,
          [](const std::uint32_t& handle) { return kFirst | (handle & TPM2_HR_HANDLE_MASK); }};
}

Expected<void> read_pcr_banks(Session& session, std::optional<std::vector<PcrBank>>& sink) {
  auto page = get_page(session, TPM2_CAP_PCRS, 0, 1);
  if (!page) return tl::unexpected(page.error());
  const TPML_PCR_SELECTION& from = page->data->data.assignedPCR;
  sink.emplace();
  for (UINT32 i = 0; i < from.count; ++i) {
    const auto& selection = from.pcrSelections[i];
    sink->push_back(
        {selection.hash, {selection.pcrSelect, selection.pcrSelect + selection.sizeofSelect}});
  }
  return {};
}

bool is_dead(const Error& error) {
  return error.kind != Error::Kind::tpm && error.kind != Error::Kind::malformed &&
         error.kind != Error::Kind::tss;
}

}  // namespace

CapabilityReading read_capabilities(Session& session) {
  CapabilityReading reading;
  auto& to = reading.capabilities;
  bool dead = false;  // no answer at all: the other questions would only wait as long again
  auto note = [&](std::string list, auto&& read) {
    if (dead) return;
    Expected<void> done = read();
    if (done) return;
    dead = is_dead(done.error());
    reading.faults.push_back({std::move(list), std::move(done.error())});
  };
  note("properties_fixed",
       [&] { return read_list(session, property_list(TPM2_PT_FIXED), to.properties_fixed); });
  note("properties_variable",
       [&] { return read_list(session, property_list(TPM2_PT_VAR), to.properties_variable); });
  note("algorithms", [&] { return read_list(session, kAlgorithms, to.algorithms); });
  note("curves", [&] { return read_list(session, kCurves, to.curves); });
  note("commands", [&] { return read_list(session, kCommands, to.commands); });
  note("pcr_banks", [&] { return read_pcr_banks(session, to.pcr_banks); });
  note("handles.loaded_session", [&] {
    return read_list(session, session_list<TPM2_LOADED_SESSION_FIRST>(), to.handles.loaded_session);
  });
  note("handles.saved_session", [&] {
    return read_list(session, session_list<TPM2_ACTIVE_SESSION_FIRST>(), to.handles.saved_session);
  });
  struct Kind {
    const char* list;
    std::uint32_t first;
    std::optional<std::vector<std::uint32_t>>& sink;
  };
  for (const Kind& kind :
       {Kind{"handles.nv_index", TPM2_NV_INDEX_FIRST, to.handles.nv_index},
        Kind{"handles.permanent", TPM2_PERMANENT_FIRST, to.handles.permanent},
        Kind{"handles.transient", TPM2_TRANSIENT_FIRST, to.handles.transient},
        Kind{"handles.persistent", TPM2_PERSISTENT_FIRST, to.handles.persistent}}) {
    note(kind.list, [&] { return read_list(session, handle_list(kind.first), kind.sink); });
  }
  return reading;
}

Expected<std::optional<std::uint32_t>> read_property(Session& session, std::uint32_t tag) {
  auto page = get_page(session, TPM2_CAP_TPM_PROPERTIES, tag, 1);
  if (!page) return tl::unexpected(page.error());
  const auto found = properties(page->data->data);
  if (found.empty() || found.front().tag != tag) return std::nullopt;
  return found.front().value;
}

Expected<std::vector<std::uint32_t>> read_handles(Session& session, std::uint32_t first) {
  std::optional<std::vector<std::uint32_t>> handles;
  auto read = read_list(session, handle_list(first), handles);
  if (!read) return tl::unexpected(read.error());
  return handles.value_or(std::vector<std::uint32_t>{});
}

}  // namespace tpmprobe::tpm
