// SPDX-License-Identifier: BSD-2-Clause
// What the doctor says of ssh's settings and its agent.
#include "suites/unit/doctor/doctor_fixture.h"

namespace tpmprobe::doctor {
namespace {

using ::testing::HasSubstr;

TEST_F(Doctor, AModuleThatIsNotThere) {
  write("/home/alice/.ssh/config", "Host work\n  PKCS11Provider=/usr/lib/pkcs11/gone.so\n");
  EXPECT_EQ(first().id, "ssh.module");
  EXPECT_THAT(first().evidence, HasSubstr("/usr/lib/pkcs11/gone.so, which does not exist"));
  EXPECT_EQ(first().fix, "Set PKCS11Provider to " + kModule + ".");
}

TEST_F(Doctor, WhoseModuleItIs) {
  write("/etc/ssh/ssh_config", "Include /etc/ssh/ssh_config.d/*.conf\n");
  write("/etc/ssh/ssh_config.d/tpm.conf", "pkcs11provider \"" + kModule + "\"\n");
  EXPECT_THAT(line("ssh.module").evidence, HasSubstr("the module of tpm2-pkcs11"));
  write("/etc/ssh/ssh_config.d/tpm.conf", "PKCS11Provider /usr/lib/p11-kit-proxy.so\n");
  write("/usr/lib/p11-kit-proxy.so", "");
  EXPECT_EQ(first().id, "ssh.module");
  EXPECT_THAT(first().evidence, HasSubstr("p11-kit, which is not configured for tpm2-pkcs11"));
  write("/usr/share/p11-kit/modules/tpm2_pkcs11.module", "module: libtpm2_pkcs11.so\n");
  EXPECT_EQ(line("ssh.module").health, Health::ok);
}

TEST_F(Doctor, MaxAuthTriesOfThisMachine) {
  make_store(4);
  EXPECT_EQ(line("ssh.keys").health, Health::ok);
  write("/etc/ssh/sshd_config.d/few.conf", "MaxAuthTries 4\n");
  write("/etc/ssh/sshd_config", "Include sshd_config.d/*.conf\nMaxAuthTries 20\n");
  EXPECT_EQ(first().id, "ssh.keys");
  EXPECT_THAT(first().evidence, HasSubstr("MaxAuthTries of this machine's sshd is 4"));
  write("/etc/ssh/sshd_config.d/few.conf", "Match User bob\n  MaxAuthTries 4\n");
  EXPECT_EQ(line("ssh.keys").health, Health::ok);  // for bob only
  EXPECT_THAT(line("ssh.keys").evidence, HasSubstr("sshd is 20"));
  write("/etc/ssh/sshd_config", "MaxAuthTries 20\n");
  write("/etc/ssh/sshd_config.d/few.conf", "MaxAuthTries 4\n");
  EXPECT_THAT(line("ssh.keys").evidence, HasSubstr("sshd is 20"));  // nobody includes that
}

TEST_F(Doctor, FilesThatSshsSettingsInclude) {
  write("/home/alice/.ssh/config", "Include work/* loop\n");
  write("/home/alice/.ssh/work/a", "PKCS11Provider /gone.so\n");
  write("/home/alice/.ssh/loop", "Include loop\n");
  EXPECT_EQ(first().id, "ssh.module");
  EXPECT_THAT(first().evidence, HasSubstr("/gone.so, which does not exist"));
}

TEST_F(Doctor, ConfigsThatIncludeThemselvesTwice) {
  write("/home/alice/.ssh/config", "Include config\nInclude config\nPKCS11Provider /gone.so\n");
  write("/etc/ssh/sshd_config", "Include sshd_config sshd_config\nMaxAuthTries 4\n");
  EXPECT_THAT(first().evidence, HasSubstr("/gone.so, which does not exist"));  // and it ends
}

TEST_F(Doctor, SettingsOfOneHostAreNotThoseOfAll) {
  make_store(6);
  for (const auto* config :
       {"Host work\n IdentitiesOnly yes\n", "Match user bob\n IdentitiesOnly yes\n",
        "Host * !work\n IdentitiesOnly yes\n", "Host work\n Include some\n",
        "IdentitiesOnly no\nHost *\n IdentitiesOnly yes\n"}) {
    write("/home/alice/.ssh/config", config);
    write("/home/alice/.ssh/some", "Host *\nIdentitiesOnly yes\n");
    EXPECT_EQ(line("ssh.keys").health, Health::warn) << config;
  }
  for (const auto* config :
       {"IdentitiesOnly yes\nHost work\n", "Host work\nHost *\n IdentitiesOnly yes\n",
        "Match all\n IdentitiesOnly yes\n", "Host work\n Include other\nHost *\n Include some\n"}) {
    write("/home/alice/.ssh/config", config);
    EXPECT_EQ(line("ssh.keys").health, Health::ok) << config;
  }
}

TEST_F(Doctor, AModuleOfOneHost) {
  write("/home/alice/.ssh/config", "Host work\n  PKCS11Provider " + kModule + "\n");
  EXPECT_THAT(line("ssh.module").evidence, HasSubstr("ssh's settings for some hosts only name"));
  write("/etc/ssh/ssh_config", "PKCS11Provider " + kModule + "\n");
  EXPECT_THAT(line("ssh.module").evidence, HasSubstr("ssh's settings name"));
}

TEST_F(Doctor, MaxAuthTriesThatMakeNoSense) {
  make_store(5);
  for (const auto* value : {"four", "4x", "-4", "99999999999999999999", "\"\""}) {
    write("/etc/ssh/sshd_config", std::string("MaxAuthTries ") + value + "\n");
    EXPECT_THAT(line("ssh.keys").evidence, HasSubstr("sshd's default MaxAuthTries is 6")) << value;
  }
  write("/etc/ssh/sshd_config", "MaxAuthTries 4 # few\n");
  EXPECT_THAT(line("ssh.keys").evidence, HasSubstr("of this machine's sshd is 4"));
  write("/etc/ssh/sshd_config", "MaxAuthTries 0\n");
  EXPECT_EQ(line("ssh.keys").fix, "Set MaxAuthTries in sshd_config to its default of 6.");
}

TEST_F(Doctor, NoKeyIsNotTooMany) {
  make_store(0);
  write("/etc/ssh/sshd_config", "MaxAuthTries 0\n");
  EXPECT_EQ(line("ssh.keys").health, Health::ok);
}

class DoctorOfAgent : public Doctor {
 protected:
  void run_agent(std::vector<std::string> arguments) {
    set("SSH_AUTH_SOCK", "/tmp/ssh-x/agent.7");
    machine_.processes = [arguments](std::string_view name) {
      return name == "ssh-agent" ? std::vector<Process>{{812, arguments}} : std::vector<Process>{};
    };
  }
};

TEST_F(DoctorOfAgent, TakesTheModulesOfTheSystem) {
  run_agent({"ssh-agent"});
  EXPECT_EQ(line("ssh.agent").health, Health::ok);
  EXPECT_THAT(line("ssh.agent").evidence, HasSubstr("ssh-agent (pid 812) accepts modules from"));
}

TEST_F(DoctorOfAgent, ItsListLacksTheModule) {
  run_agent({"ssh-agent", "-s", "-P", "/opt/*,!/usr/lib/*"});
  EXPECT_EQ(first().id, "ssh.agent");
  EXPECT_EQ(first().health, Health::fail);
  EXPECT_EQ(first().fix, "Start it with: ssh-agent -P '" + kModule + "'");
  run_agent({"ssh-agent", "-P" + kModule});
  EXPECT_EQ(line("ssh.agent").health, Health::ok);
}

TEST_F(DoctorOfAgent, ReadsItsOptionsAsGetoptDoes) {
  const std::vector<std::vector<std::string>> refusing{
      {"ssh-agent", "-DP", "/opt/*"},
      {"ssh-agent", "-DP/opt/*"},
      {"ssh-agent", "-a", "-P", "-P", "/opt/*", "sh"},
      {"ssh-agent", "-t60", "-sP", "/opt/*"}};
  for (const auto& arguments : refusing) {
    run_agent(arguments);
    EXPECT_EQ(line("ssh.agent").health, Health::fail) << arguments[1];
  }
  const std::vector<std::vector<std::string>> usual{{"ssh-agent", "-s", "startx", "-P", "/opt/*"},
                                                    {"ssh-agent", "--", "-P", "/opt/*"},
                                                    {"ssh-agent", "-aPath", "-D"},
                                                    {"ssh-agent", "-P"}};
  for (const auto& arguments : usual) {
    run_agent(arguments);
    EXPECT_EQ(line("ssh.agent").health, Health::ok) << arguments[1];
  }
}

TEST_F(DoctorOfAgent, LooksAtTheRealPath) {
  write("/opt/tpm/libtpm2_pkcs11.so", "");
  std::filesystem::remove(tree_.path() / kModule.substr(1));
  std::filesystem::create_symlink("../../../../opt/tpm/libtpm2_pkcs11.so",
                                  tree_.path() / kModule.substr(1));
  run_agent({"ssh-agent"});
  EXPECT_EQ(first().id, "ssh.agent");
  EXPECT_THAT(first().evidence, HasSubstr(", not /opt/tpm/libtpm2_pkcs11.so"));
}

TEST_F(DoctorOfAgent, AnotherProgramsAgent) {
  set("SSH_AUTH_SOCK", "/run/user/1000/gnupg/S.gpg-agent.ssh");
  EXPECT_EQ(line("ssh.agent").health, Health::unknown);
  EXPECT_THAT(line("ssh.agent").evidence, HasSubstr("does not accept PKCS#11 modules"));
}

}  // namespace
}  // namespace tpmprobe::doctor
