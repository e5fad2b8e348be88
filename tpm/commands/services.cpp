// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/services.h"

#include <algorithm>

#include "tpm/esys/convert.h"
#include "tpm/esys/link.h"

namespace tpmprobe::tpm {

Expected<void> startup(Session& session) {
  return session.link()->run(TPM2_CC_Startup, [](ESYS_CONTEXT* esys) {
    const TSS2_RC rc = Esys_Startup(esys, TPM2_SU_CLEAR);
    return rc == TPM2_RC_INITIALIZE ? TSS2_RC_SUCCESS : rc;  // somebody was quicker: started
  });
}

Expected<TimeInfo> read_clock(Session& session) {
  TPMS_TIME_INFO* out = nullptr;
  auto read = session.link()->run(TPM2_CC_ReadClock, [&](ESYS_CONTEXT* esys) {
    return Esys_ReadClock(esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &out);
  });
  if (!read) return tl::unexpected(read.error());
  const EsysPtr<TPMS_TIME_INFO> time(out);
  return TimeInfo{time->time, time->clockInfo.clock, time->clockInfo.resetCount};
}

Expected<TestResult> get_test_result(Session& session) {
  TPM2B_MAX_BUFFER* out_data = nullptr;
  TPM2_RC result = 0;
  auto read = session.link()->run(TPM2_CC_GetTestResult, [&](ESYS_CONTEXT* esys) {
    return Esys_GetTestResult(esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &out_data, &result);
  });
  if (!read) return tl::unexpected(read.error());
  const EsysPtr<TPM2B_MAX_BUFFER> data(out_data);
  return TestResult{octets(*data), result};
}

Expected<Bytes> get_random(Session& session, std::uint16_t octets) {
  TPM2B_DIGEST* out = nullptr;
  auto done = session.link()->run(TPM2_CC_GetRandom, [&](ESYS_CONTEXT* esys) {
    return Esys_GetRandom(esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, octets, &out);
  });
  if (!done) return tl::unexpected(done.error());
  const EsysPtr<TPM2B_DIGEST> random(out);
  return tpm::octets(*random);
}

Expected<Bytes> hash(Session& session, AlgId algorithm, ByteView data) {
  TPM2B_MAX_BUFFER in_data{};
  if (!assign(in_data, data)) {
    return fail(Error::Kind::tss, TPM2_CC_Hash, "the data is longer than a TPM2B_MAX_BUFFER");
  }
  TPM2B_DIGEST* out = nullptr;
  auto done = session.link()->run(TPM2_CC_Hash, [&](ESYS_CONTEXT* esys) {
    return Esys_Hash(esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &in_data, algorithm,
                     ESYS_TR_RH_NULL, &out, nullptr);
  });
  if (!done) return tl::unexpected(done.error());
  const EsysPtr<TPM2B_DIGEST> digest(out);
  return octets(*digest);
}

namespace {

/// Asks the TPM for the public area on the way: ESYS needs the Name of the index.
Expected<ESYS_TR> index_tr(EsysLink& link, std::uint32_t index) {
  ESYS_TR tr = ESYS_TR_NONE;
  auto found = link.run(TPM2_CC_NV_ReadPublic, [&](ESYS_CONTEXT* esys) {
    return Esys_TR_FromTPMPublic(esys, index, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &tr);
  });
  if (!found) return tl::unexpected(found.error());
  return tr;
}

void close(EsysLink& link, ESYS_TR tr) {
  // What cannot be closed is a few octets of this process.
  (void)link.run(TPM2_CC_NV_ReadPublic,
                 [&](ESYS_CONTEXT* esys) { return Esys_TR_Close(esys, &tr); });
}

Expected<Bytes> read_piece(EsysLink& link, ESYS_TR tr, NvAuth auth, std::uint16_t size,
                           std::uint16_t offset) {
  TPM2B_MAX_NV_BUFFER* out = nullptr;
  auto read = link.run(TPM2_CC_NV_Read, [&](ESYS_CONTEXT* esys) {
    return Esys_NV_Read(esys, auth == NvAuth::owner ? ESYS_TR_RH_OWNER : tr, tr, ESYS_TR_PASSWORD,
                        ESYS_TR_NONE, ESYS_TR_NONE, size, offset, &out);
  });
  if (!read) return tl::unexpected(read.error());
  const EsysPtr<TPM2B_MAX_NV_BUFFER> data(out);
  if (data->size == 0)
    return fail(Error::Kind::malformed, TPM2_CC_NV_Read, "no bytes were returned");
  return octets(*data);
}

Expected<Bytes> read_pieces(EsysLink& link, ESYS_TR tr, const NvPublic& index, NvAuth auth,
                            std::uint16_t piece) {
  Bytes all;
  while (all.size() < index.size) {
    const auto offset = static_cast<std::uint16_t>(all.size());
    const auto size = std::min(piece, static_cast<std::uint16_t>(index.size - offset));
    const auto part = read_piece(link, tr, auth, size, offset);
    if (!part) return part;
    all.insert(all.end(), part->begin(), part->end());
  }
  return all;
}

}  // namespace

Expected<NvPublic> read_nv_public(Session& session, std::uint32_t index) {
  auto& link = *session.link();
  const auto tr = index_tr(link, index);
  if (!tr) return tl::unexpected(tr.error());
  TPM2B_NV_PUBLIC* out = nullptr;
  auto read = link.run(TPM2_CC_NV_ReadPublic, [&](ESYS_CONTEXT* esys) {
    return Esys_NV_ReadPublic(esys, *tr, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &out, nullptr);
  });
  close(link, *tr);
  if (!read) return tl::unexpected(read.error());
  const EsysPtr<TPM2B_NV_PUBLIC> area(out);
  return NvPublic{index, area->nvPublic.attributes, area->nvPublic.dataSize};
}

Expected<Bytes> read_nv(Session& session, const NvPublic& index, NvAuth auth, std::uint16_t piece) {
  auto& link = *session.link();
  const auto tr = index_tr(link, index.index);
  if (!tr) return tl::unexpected(tr.error());
  auto all = read_pieces(link, *tr, index, auth, piece);
  close(link, *tr);
  return all;
}

}  // namespace tpmprobe::tpm
