// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "knowledge/command_codes.h"
#include "suites/unit/tpm/layer_support.h"
#include "tpm/layers/journal_layer.h"
#include "tpm/posix/private_directory.h"

namespace tpmprobe::tpm {
namespace {

/// Answers with a code, or with none.
class Answers final : public Transport {
 public:
  Expected<Bytes> transmit(ByteView, TimePoint) override {
    if (++calls_ == 1) return Bytes{0x80, 0x01, 0, 0, 0, 10, 0, 0, 1, 0xd5};
    return fail(Error::Kind::refused, knowledge::cc::kSign, "no");
  }

 private:
  int calls_ = 0;
};

TEST(LayerJournal, AnotherProcessReadsWhatWasAnswered) {
  const auto folder = PrivateDirectory::create();
  const SystemClock clock;
  const auto file = folder->path() / "journal";
  auto layer = JournalLayer::create(std::make_unique<Answers>(), file, clock);
  ASSERT_TRUE(layer);
  const Bytes command{0x80, 0x01, 0, 0, 0, 10, 0, 0, 1, 0x5d};
  ASSERT_TRUE((*layer)->transmit(command, TimePoint::max()));
  ASSERT_FALSE((*layer)->transmit(command, TimePoint::max()));
  const auto entries = read_journal(file);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].command, knowledge::cc::kSign);
  EXPECT_EQ(entries[0].rc, 0x1d5u);
  EXPECT_TRUE(entries[0].failed());
  EXPECT_TRUE(entries[1].refused());
  EXPECT_FALSE(entries[1].failed());
  EXPECT_EQ(read_journal(file, 1).size(), 1u);
  EXPECT_TRUE(read_journal(file, 2).empty());
  EXPECT_TRUE(read_journal(folder->path() / "none").empty());
}

TEST(LayerJournal, AFolderThatIsNotThereIsAnError) {
  const SystemClock clock;
  EXPECT_FALSE(JournalLayer::create(std::make_unique<Answers>(), "/nonexistent/journal", clock));
}

}  // namespace
}  // namespace tpmprobe::tpm
