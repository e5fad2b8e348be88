// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "explain/read/decoder_texts.h"
#include "knowledge/codes.h"

namespace tpmprobe::explain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::optional<std::uint32_t> code_of(std::string_view text) {
  const auto mention = read_code(text);
  return mention ? std::optional(mention->code) : std::nullopt;
}

std::vector<std::uint32_t> codes_in(std::string_view line) {
  std::vector<std::uint32_t> codes;
  for (const CodeMention& mention : find_codes(line)) codes.push_back(mention.code);
  return codes;
}

std::string command_in(std::string_view line) {
  const knowledge::CommandInfo* command = find_command_in(line);
  return command != nullptr ? std::string(command->name) : "";
}

TEST(ReadCode, TakesHexadecimalInAnyDress) {
  for (const char* text : {"0x1d5", "0X1D5", "1d5", "1D5", "0x000001d5", "000001D5", "01d5",
                           "(0x1D5)", "\"0x1d5\",", " 0x1d5\n"}) {
    EXPECT_EQ(code_of(text), 0x1D5U) << text;
  }
  EXPECT_EQ(code_of("a000a"), 0xA000AU);
  EXPECT_EQ(code_of("0902"), 0x902U) << "zeros in front are of hexadecimal";
}

TEST(ReadCode, TakesDigitsAsTheReadingThatIsKnown) {
  EXPECT_EQ(code_of("469"), 0x1D5U);
  EXPECT_EQ(code_of("2337"), 0x921U);
  EXPECT_EQ(code_of("655370"), 0xA000AU);
  EXPECT_EQ(code_of("721219"), 0xB0143U);
  EXPECT_EQ(code_of("256"), 0x100U);
  EXPECT_EQ(code_of("902"), 0x902U);
  EXPECT_EQ(code_of("101"), 0x101U);
  EXPECT_EQ(code_of("143"), 0x143U) << "0x8f without a position is hardly ever sent";
}

TEST(ReadCode, SaysWhichReadingItTook) {
  EXPECT_THAT(read_code("902")->note, HasSubstr("902 is read as hexadecimal"));
  EXPECT_THAT(read_code("902")->note, HasSubstr("0x386"));
  EXPECT_THAT(read_code("469")->note, HasSubstr("469 is read as decimal, 0x1d5"));
  EXPECT_EQ(read_code("0x902")->note, "");
}

TEST(ReadCode, TakesWindowsErrors) {
  EXPECT_EQ(code_of("0x80280084"), 0x84U);
  EXPECT_EQ(code_of("80280142"), 0x142U);
  EXPECT_THAT(read_code("0x80280084")->note, HasSubstr("Windows"));
  EXPECT_EQ(code_of("0x80284001"), 0x80284001U) << "an error of the TBS is no TPM code";
}

TEST(ReadCode, TakesSymbols) {
  EXPECT_EQ(code_of("TPM_RC_LOCKOUT"), 0x921U);
  EXPECT_EQ(code_of("tpm2_rc_lockout"), 0x921U);
  EXPECT_EQ(code_of("TSS2_TCTI_RC_IO_ERROR"), 0xA000AU);
  EXPECT_THAT(read_code("TSS2_BASE_RC_IO_ERROR")->note, HasSubstr("does not name a layer"));
}

TEST(ReadCode, TakesNoWordsForCodes) {
  for (const char* text : {"", " ", "hello", "add", "deadbeef", "0x", "0xg1", "-1", "12345678901",
                           "0x123456789", "1.5", "0x1d5 0x902", "TPM_RC_", "..."}) {
    EXPECT_EQ(code_of(text), std::nullopt) << text;
  }
}

TEST(ReadDecoderText, ReadsEveryKindBack) {
  EXPECT_EQ(read_decoder_text("tpm:parameter(1):structure is the wrong size"), 0x1D5U);
  EXPECT_EQ(read_decoder_text("tpm:handle(1):the handle is not correct for the use"), 0x18BU);
  EXPECT_EQ(read_decoder_text("tpm:session(1):authorization failure without DA implications"),
            0x9A2U);
  EXPECT_EQ(read_decoder_text("tpm:handle(unk):structure is the wrong size"), 0x095U);
  EXPECT_EQ(read_decoder_text("tpm:error(2.0): command code not supported"), 0x143U);
  EXPECT_EQ(read_decoder_text("tpm:warn(2.0): out of memory for object contexts"), 0x902U);
  EXPECT_EQ(read_decoder_text("rmt:error(2.0): command code not supported"), 0xB0143U);
  EXPECT_EQ(read_decoder_text("fapi:No certificate"), 0x60025U);
  EXPECT_EQ(read_decoder_text("fapi:Provisioning was not executed."), 0x60034U);
  EXPECT_EQ(read_decoder_text("tcti:IO failure"), 0xA000AU);
  EXPECT_EQ(read_decoder_text("esapi:0x1B"), 0x7001BU);
  EXPECT_EQ(read_decoder_text("tpm:error(2.0): Vendor specific error: 0x5"), 0x505U);
  EXPECT_EQ(read_decoder_text("tpm:parameter(2):unknown error num: 0x28"), 0x2E8U);
}

TEST(ReadDecoderText, RefusesWhatIsNone) {
  for (const char* text :
       {"tpm:success", "tpm:parameter(1):(null)", "tpm:parameter(99):x",
        "tpm:handle(9):structure is the wrong size", "swtpm:path=x", "tpm:", ""}) {
    EXPECT_EQ(read_decoder_text(text), std::nullopt) << text;
  }
}

TEST(ReadDecoderText, ReadsEverySentenceOfTheTableBack) {
  int sentences = 0;
  for (const knowledge::CodeInfo& code : knowledge::codes()) {
    for (const std::string_view sentence : code.decoder_texts) {
      if (sentence == "not currently used") continue;  // two codes have it
      const std::string prefix =
          code.format == knowledge::RcFormat::format1           ? "tpm:parameter(3):"
          : code.format == knowledge::RcFormat::format0_error   ? "tpm:error(2.0): "
          : code.format == knowledge::RcFormat::format0_warning ? "tpm:warn(2.0): "
                                                                : "sys:";
      const auto read = read_decoder_text(prefix + std::string(sentence) + " and more");
      ASSERT_TRUE(read.has_value()) << sentence;
      EXPECT_EQ(knowledge::decode_rc(*read).base, code.number) << sentence;
      ++sentences;
    }
  }
  EXPECT_GT(sentences, 0);
}

TEST(FindCodes, FindsWhatEsysLogs) {
  EXPECT_THAT(codes_in("ERROR:esys:src/tss2-esys/api/Esys_Sign.c:105:Esys_Sign() Esys Finish "
                       "ErrorCode (0x000001d5) "),
              ElementsAre(0x1D5));
  EXPECT_THAT(codes_in("ERROR: Esys_Sign: tpm:parameter(1):structure is the wrong size"),
              ElementsAre(0x1D5));
  EXPECT_THAT(codes_in("WARNING:tcti:src/tss2-tcti/tctildr.c:79:tcti_from_init() TCTI init for "
                       "function 0x7f3210d0be30 failed with a0001"),
              ElementsAre(0xA0001));
  EXPECT_THAT(codes_in("Esys_TR_Close() Error: Esys handle does not exist (70018)."),
              ElementsAre(0x70018));
}

TEST(FindCodes, SaysACodeOnce) {
  EXPECT_THAT(codes_in("ERROR: Eys_Sign(0x1D5) - tpm:parameter(1):structure is the wrong size"),
              ElementsAre(0x1D5));
  EXPECT_THAT(codes_in("Esys_Quote returned 0x1D5 (TPM_RC_SIZE) on param 1"), ElementsAre(0x1D5));
  EXPECT_THAT(codes_in("0x921 and then 0x902"), ElementsAre(0x921, 0x902));
}

TEST(FindCodes, FindsDecimalsOfKernelAndOpenssl) {
  EXPECT_THAT(codes_in("tpm tpm0: A TPM error (256) occurred attempting the self test"),
              ElementsAre(0x100));
  EXPECT_THAT(codes_in("tpm_crb MSFT0101:00: probe with driver tpm_crb failed with error 378"),
              ElementsAre(378));
  EXPECT_THAT(codes_in("Failed to initialize TCTI context, code=655370"), ElementsAre(0xA000A));
  EXPECT_THAT(codes_in("error:4000000B:tpm2::cannot create key::-1:721219 rmt:error(2.0): command "
                       "code not supported"),
              ElementsAre(0xB0143));
}

TEST(FindCodes, FindsWhatGoTpmPrints) {
  EXPECT_THAT(codes_in("Load() failed: parameter 1, error code 0x1f : integrity check failed"),
              ElementsAre(0x1DF));
  EXPECT_THAT(codes_in("session 1, error code 0x22 : authorization failure"), ElementsAre(0x9A2));
  EXPECT_THAT(codes_in("warning code 0x2 : out of memory for object contexts"), ElementsAre(0x902));
  EXPECT_THAT(codes_in("error code 0x43 : command code not supported"), ElementsAre(0x143));
  EXPECT_THAT(codes_in("TPM_RC_INTEGRITY (parameter 1): integrity check failed"),
              ElementsAre(0x1DF));
  EXPECT_THAT(codes_in("TPM_RC_SIZE - structure is the wrong size Parameter number 2"),
              ElementsAre(0x2D5));
}

TEST(FindCodes, GivesBaseSymbolsTheLayerOfTheFunction) {
  EXPECT_THAT(codes_in("Fapi_Provision(...)  -- throws TSS2_BASE_RC_NO_CERT error"),
              ElementsAre(0x60025));
}

TEST(FindCodes, FindsABareSentenceNearTheWordTpm) {
  EXPECT_THAT(codes_in("TPM says: out of memory for object contexts"), ElementsAre(0x902));
  EXPECT_THAT(codes_in("JPEG: structure is the wrong size"), IsEmpty());
}

TEST(FindCodes, LeavesOtherNumbersAlone) {
  for (const char* line :
       {"", "hello", "handle 0x81000001 at 0x80ffffff", "rv = CKR_ATTRIBUTE_VALUE_INVALID (0x13)",
        "C_Login failed: 160", "flags 0x200] vs dc795000 4000", "raw: 0x10",
        "probe with driver tpm_crb failed with error -16", "tpm2-tss-engine:func(151):The digest",
        "size 0x143", "command 0x15d, index 0x1500002", "swtpm:path=/tmp/x port 2321",
        "line 902 of 2337", "exitstatus: 126, error: x"}) {
    EXPECT_THAT(codes_in(line), IsEmpty()) << line;
  }
}

TEST(FindCodes, TakesAnUnknownNumberWhereACodeStands) {
  EXPECT_THAT(codes_in("ERROR: Esys_Create(0x540) - tpm"), ElementsAre(0x540));
  EXPECT_THAT(codes_in("Esys Finish ErrorCode (0x000001c6)"), ElementsAre(0x1C6));
}

TEST(FindCodes, SurvivesOddOctets) {
  EXPECT_THAT(codes_in(std::string("\xff\xfe 0x1d5 \0 x", 12)), ElementsAre(0x1D5));
  EXPECT_THAT(codes_in("ErrorCode ("), IsEmpty());
  EXPECT_THAT(codes_in("parameter"), IsEmpty());
  EXPECT_THAT(codes_in("error code"), IsEmpty());
}

TEST(FindCommandIn, KnowsEverySpelling) {
  EXPECT_EQ(command_in("ERROR: Eys_Sign(0x1D5)"), "Sign");
  EXPECT_EQ(command_in("Esys_CreatePrimary_Finish() Received TPM Error"), "CreatePrimary");
  EXPECT_EQ(command_in("Tss2_Sys_Clear(0x98E)"), "Clear");
  EXPECT_EQ(command_in("TPM2_Load failed"), "Load");
  EXPECT_EQ(command_in("Load Object Failed ! ErrorCode: 0x902"), "Load");
  EXPECT_EQ(command_in("EvictControl failed, error code: 0x284"), "EvictControl");
  EXPECT_EQ(command_in("Load() failed: parameter 1"), "Load");
}

TEST(FindCommandIn, TakesProseForNoCommand) {
  EXPECT_EQ(command_in("Load the key, then Sign with the Hash"), "");
  EXPECT_EQ(command_in("the authorization HMAC check failed"), "");
  EXPECT_EQ(command_in("Esys_TR_Close(0x70018)"), "");
}

TEST(FindCommandIn, TakesTheNearestBeforeTheCode) {
  const std::string_view line = "Esys_Load(0x902), then Esys_Sign(0x1d5)";
  const auto mentions = find_codes(line);
  ASSERT_EQ(mentions.size(), 2U);
  EXPECT_EQ(mentions[0].command->name, "Load");
  EXPECT_EQ(mentions[1].command->name, "Sign");
}

TEST(FindCodes, TakesNoCodeFromLinesAboutOtherThings) {
  for (const char* line :
       {"Nov 24 10:00:00 host kernel: i915 0000:00:02.0: error 0x902",
        "2026-11-24T10:00:00+0000 host app[2337]: request failed with 0x1d5",
        "[   12.345678] ata1: failed with 0x101", "worker: error 256", "exit code 2337",
        "** (tpm2-abrmd:10483): WARNING **: 15:37:26.713: started",
        "tpm2-abrmd[2337]: listening at 0x921", "src/tss2-esys/api/Esys_Sign.c:311:Esys_Sign()",
        "tpm2-tss 4.1.3, tpm_tis 00:05: 2.0 TPM (device-id 0x1A, rev-id 16)",
        "tcti_from_init() TCTI init for function 0x7f47beeb04f0"}) {
    EXPECT_THAT(codes_in(line), IsEmpty()) << line;
  }
}

TEST(FindCodes, ReadsLinesOfASystemLogThatAreAboutATpm) {
  EXPECT_THAT(codes_in("Nov 24 10:00:00 host kernel: tpm tpm0: A TPM error (256) occurred"),
              ElementsAre(0x100U));
  EXPECT_THAT(codes_in("[    1.234567] tpm_crb MSFT0101:00: failed with error 378"),
              ElementsAre(378U));
  EXPECT_THAT(codes_in("2026-11-24T10:00:00 host app[1]: Esys_Sign(0x1D5)"), ElementsAre(0x1D5U));
}

TEST(FindCodes, LooksAtEveryLineThatCanHaveACode) {
  for (const char* line :
       {"Esys_Sign(0x1D5)", "x: 0x9", "tpm", "(70018) in Esys", "a TPM error (256)", "0X1",
        "rmt:error(2.0): command code not supported", "FAPI failed", "0x1", "x TSS", "x rmt"}) {
    EXPECT_TRUE(may_hold_code(line)) << line;
  }
  for (const char* line : {"Nov 24 10:00:00 host CRON[1234]: (root) CMD (run-parts /etc)",
                           "error 5", "usb 1-1: new high-speed USB device number 2 using ehci"}) {
    EXPECT_FALSE(may_hold_code(line)) << line;
  }
}

TEST(FindCodes, TakesTheCodesOfAJsonReportAndNotItsCapabilities) {
  EXPECT_EQ(
      find_codes(R"(      "rc": "0x1d5", "command": {"id": "0x15d", "name": "TPM2_Sign"})").size(),
      1U);
  for (const auto* line : {R"("attributes": "0x00000101")", R"("hex": "0x000007e2")",
                           R"({"id": "0x0101", "name": "TPM_PT_LEVEL"})"}) {
    EXPECT_TRUE(find_codes(line).empty()) << line;
  }
}

}  // namespace
}  // namespace tpmprobe::explain
