// SPDX-License-Identifier: BSD-2-Clause
// What the doctor says of kernel, broker, versions and the TPM that each program would open.
#include "suites/unit/doctor/doctor_fixture.h"

namespace tpmprobe::doctor {
namespace {

using ::testing::HasSubstr;

TEST_F(Doctor, TheKernelsDriverIsNamed) {
  EXPECT_EQ(line("kernel.driver").evidence, "the kernel has a TPM 2.0 (driver tpm_crb)");
  std::filesystem::remove_all(tree_.path() / "sys");
  EXPECT_EQ(line("kernel.driver").health, Health::unknown);
}

TEST_F(Doctor, OwnerAndModeOfBothNodes) {
  EXPECT_EQ(line("device.nodes").evidence,
            "/dev/tpmrm0 is tss:tss 0660, /dev/tpm0 is tss:root 0660");
}

TEST_F(Doctor, ATpm12IsNoTpm20) {
  write("/sys/class/tpm/tpm0/tpm_version_major", "1\n");
  files_.erase("/dev/tpmrm0");
  EXPECT_EQ(first().id, "kernel.driver");
  EXPECT_THAT(first().evidence, HasSubstr("TPM 1.2"));
  EXPECT_EQ(line("device.nodes").id, "no such line");  // no advice about an old kernel
}

TEST_F(Doctor, AKernelTpmWithoutNodes) {
  files_.clear();
  EXPECT_EQ(first().id, "device.nodes");
  EXPECT_EQ(first().health, Health::fail);
  EXPECT_THAT(first().fix, HasSubstr("--device /dev/tpmrm0"));
}

TEST_F(Doctor, TroubleInTheKernelsLog) {
  machine_.kernel_log = [] {
    return std::optional(
        std::vector<std::string>{"tpm_tis: 2.0 TPM", "tpm tpm0: Operation Timed out, timed out"});
  };
  EXPECT_EQ(first().id, "kernel.messages");
  EXPECT_EQ(first().health, Health::warn);
  machine_.kernel_log = [] { return std::optional<std::vector<std::string>>(); };
  EXPECT_EQ(line("kernel.messages").health, Health::unknown);
}

TEST_F(Doctor, OnlyRootSeesWhoHoldsTheDevice) {
  machine_.is_root = false;
  EXPECT_EQ(line("device.holders").health, Health::unknown);
  EXPECT_THAT(line("device.holders").evidence, HasSubstr("only root"));
}

TEST_F(Doctor, DaemonWithoutItsLibrary) {
  machine_.packages = {{"tpm2-abrmd", "3.0.0-1"}};
  EXPECT_EQ(first().id, "abrmd.library");
  EXPECT_THAT(first().fix, HasSubstr("libtss2-tcti-tabrmd0"));
}

TEST_F(Doctor, LibraryWithoutTheDaemon) {
  machine_.packages = {{"libtss2-tcti-tabrmd0", "3.0.0-1"}};
  machine_.broker_on_bus = [] { return std::optional(false); };
  EXPECT_THAT(line("abrmd.daemon").evidence, HasSubstr("without the daemon"));
  EXPECT_EQ(line("abrmd.daemon").health, Health::ok);
  set("TPM2_PKCS11_TCTI", "tabrmd:");
  EXPECT_EQ(first().id, "abrmd.daemon");
  EXPECT_THAT(first().fix, HasSubstr("apt install tpm2-abrmd"));
}

TEST_F(Doctor, WhySystemdDoesNotRunTheBroker) {
  machine_.broker_on_bus = [] { return std::optional(false); };
  set("TPM2TOOLS_TCTI", "tabrmd");
  machine_.service = [](std::string_view) {
    return std::optional(ServiceState{"failed", "enabled"});
  };
  EXPECT_THAT(first().fix, HasSubstr("journalctl -u tpm2-abrmd"));
  machine_.service = [](std::string_view) {
    return std::optional(ServiceState{"inactive", "masked"});
  };
  EXPECT_THAT(first().fix, HasSubstr("unmask"));
  machine_.service = [](std::string_view) { return std::optional<ServiceState>(); };
  EXPECT_THAT(first().evidence, HasSubstr("systemd is not available"));
}

TEST_F(Doctor, VersionsThatDoNotGoTogether) {
  EXPECT_EQ(line("versions.pair").evidence,
            "tss2 3.2.1, tpm2-tools 5.4, tpm2-abrmd 3.0.0, tpm2-pkcs11 1.9.0");
  for (auto& [name, version] : machine_.packages) {
    if (name == "libtss2-tcti-tabrmd0") version = "1.3.1-1";
  }
  EXPECT_EQ(first().id, "versions.pair");
  EXPECT_EQ(first().health, Health::fail);
  EXPECT_THAT(first().evidence, HasSubstr("libtss2-tcti-tabrmd 1.3.1-1 does not work with "
                                          "tpm2-abrmd 3.0.0-1: the library expects one handle"));
}

TEST_F(Doctor, ToolAndLibraryOfDifferentSchemas) {
  machine_.packages.emplace_back("python3-tpm2-pkcs11-tools", "1.9.1-1");
  EXPECT_EQ(line("versions.pair").health, Health::ok);
  machine_.packages.back().second = "1.10.0-1";
  EXPECT_EQ(first().id, "versions.pair");
  EXPECT_THAT(first().evidence, HasSubstr("tpm2_ptool 1.10.0 and the tpm2-pkcs11 library 1.9.0"));
}

TEST_F(Doctor, EachProgramsTpmIsNamed) {
  EXPECT_THAT(line("tcti.tools").evidence, HasSubstr("uses tabrmd (tss2's default order)"));
  EXPECT_THAT(line("tcti.fapi").evidence, HasSubstr("uses tabrmd (tss2's default order)"));
  machine_.broker_on_bus = [] { return std::optional(false); };
  EXPECT_THAT(line("tcti.tools").evidence, HasSubstr("device:/dev/tpmrm0"));
  files_.clear();
  EXPECT_EQ(line("tcti.tools").health, Health::unknown);
}

TEST_F(Doctor, ADeviceWithoutResourceManager) {
  set("TPM2_PKCS11_TCTI", "device:/dev/tpm0");
  EXPECT_EQ(first().id, "tcti.pkcs11");
  EXPECT_EQ(first().health, Health::warn);
  EXPECT_THAT(first().evidence, HasSubstr("without a resource manager"));
}

TEST_F(Doctor, ATctiThatIsNotThere) {
  set("TPM2TOOLS_TCTI", "device:/dev/tpm7");
  EXPECT_EQ(first().id, "tcti.tools");
  EXPECT_EQ(first().fix, "Run: unset TPM2TOOLS_TCTI");
  set("TPM2TOOLS_TCTI", "tabrmd");
  machine_.packages = {{"tpm2-tools", "5.4-1"}};
  EXPECT_EQ(first().id, "tcti.tools");
  EXPECT_THAT(first().evidence, HasSubstr("but its library is not installed"));
}

TEST_F(Doctor, ATctiOfWhichNothingIsSeen) {
  write("/usr/lib/x86_64-linux-gnu/libtss2-tcti-mssim.so.0", "");
  for (const auto* tcti : {"swtpm:port=2321", "mssim", "cmd:nc x 1"}) {
    set("TPM2TOOLS_TCTI", tcti);
    EXPECT_EQ(line("tcti.tools").health, Health::unknown) << tcti;
    EXPECT_THAT(line("tcti.tools").evidence, HasSubstr("which was not checked")) << tcti;
  }
  set("TPM2TOOLS_TCTI", "tpm0");
  EXPECT_EQ(line("tcti.tools").health, Health::unknown);
  EXPECT_THAT(line("tcti.tools").evidence, HasSubstr("libtss2-tcti-tpm0 was not found"));
  machine_.tcti = "swtpm:port=2321";
  set("TPM2TOOLS_TCTI", "swtpm:port=2321");
  EXPECT_EQ(line("tcti.tools").health, Health::ok);  // it answered
  machine_.tcti = "swtpm";                           // as a report names it
  EXPECT_EQ(line("tcti.tools").health, Health::ok);
  machine_.named_tcti = "swtpm:port=9";
  EXPECT_EQ(line("tcti.tools").health, Health::unknown);
  machine_.named_tcti = "swtpm:port=2321";
  machine_.tpm.unreachable = "nobody listens";
  EXPECT_EQ(line("tcti.tools").health, Health::unknown);
}

TEST_F(Doctor, ATctiThatIsSeen) {
  for (const auto* tcti : {"device", "device:/dev/tpmrm0", "tabrmd", "tabrmd:bus_type=system"}) {
    set("TPM2TOOLS_TCTI", tcti);
    EXPECT_EQ(line("tcti.tools").health, Health::ok) << tcti;
  }
  files_.clear();
  set("TPM2TOOLS_TCTI", "device");
  EXPECT_EQ(line("tcti.tools").health, Health::fail);
}

TEST_F(Doctor, FapisOwnTcti) {
  write("/etc/tpm2-tss/fapi-config.json",
        R"({"profile_name": "P_RSA2048SHA256", "profile_dir": "/etc/tpm2-tss/fapi-profiles/",
            "tcti": "device:/dev/tpm9"})");
  EXPECT_EQ(first().id, "tcti.fapi");
  EXPECT_THAT(first().evidence, HasSubstr("set in fapi-config.json"));
}

TEST_F(Doctor, ATokensTctiComesBeforeTheVariable) {
  make_store(Store{.token_config = "? !!str \"tcti\"\n  : !!str \"device:/dev/tpm5\","});
  EXPECT_EQ(first().id, "tcti.pkcs11");
  EXPECT_THAT(first().evidence, HasSubstr("for token work uses device:/dev/tpm5 (its own setting"));
}

TEST_F(Doctor, ToolsOnAnEmulatorAndSshOnTheChip) {
  set("TPM2TOOLS_TCTI", "swtpm:path=/tmp/sock");
  EXPECT_EQ(first().id, "tcti.same");
  EXPECT_THAT(first().evidence, HasSubstr("creates keys on swtpm:path=/tmp/sock"));
}

}  // namespace
}  // namespace tpmprobe::doctor
