// SPDX-License-Identifier: BSD-2-Clause
// What a person and a program see of `doctor`, octet for octet.
#include <cstdlib>
#include <sstream>

#include <gtest/gtest.h>

#include "doctor/report.h"
#include "suites/golden/golden.h"

namespace tpmprobe::reports {
namespace {

using doctor::Health;

const doctor::Diagnoses kLines{
    {"access.groups", Health::fail,
     "this user is in group tss, but this login session started before the user joined it",
     "Log out and in again, or run: newgrp tss"},
    {"tpm.lockout", Health::warn,
     "3 of 32 failed attempts recorded, 29 left; one is forgotten within 2 h 0 min, all within 6 h "
     "0 min (while powered on)",
     "Wait, or run: tpm2_dictionarylockout -c"},
    {"kernel.messages", Health::unknown, "only root may read what the kernel logged about the TPM",
     ""},
    {"tpm.answers", Health::ok, "AMD firmware 3.51.0.5 \x1b[31m", ""}};

TEST(GoldenDoctor, Text) {
  std::ostringstream wide, narrow;
  doctor::write_doctor_text(kLines, {.width = 100, .colour = true, .unicode = true}, wide);
  golden::expect_golden("doctor-wide.txt", wide.str());
  doctor::write_doctor_text(kLines, {.width = 60}, narrow);
  golden::expect_golden("doctor-narrow.txt", narrow.str());
}

TEST(GoldenDoctor, Json) {
  std::ostringstream json;
  doctor::write_doctor_json(kLines, "1.2.3", json);
  golden::expect_golden("doctor.json", json.str());
}

TEST(GoldenDoctor, FitsItsSchema) {
  const auto command = "python3 -B '" TPMPROBE_SOURCE_DIR
                       "/suites/golden/validate.py' --schema "
                       "doctor '" +
                       golden::golden_path("doctor.json") + "'";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace tpmprobe::reports
