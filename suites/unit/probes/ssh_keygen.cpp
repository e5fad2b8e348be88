// SPDX-License-Identifier: BSD-2-Clause
#include "probes/ssh/ssh_keygen.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include "knowledge/algorithm_ids.h"
#include "probes/ssh/formats.h"
#include "suites/support/waiting.h"
#include "suites/unit/probes/verify_support.h"
#include "tpm/digest.h"
#include "tpm/posix/private_directory.h"
#include "tpm/posix/process.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
namespace curve = knowledge::curve;

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kNamespace = "tpmprobe@tpmprobe";
const Bytes kMessage = octets_of("what a login would sign");

TestKey key_for(const SshAlgorithm& algorithm) {
  if (algorithm.curve != 0) return make_ecc_key(algorithm.curve);
  return {openssl::Key(EVP_PKEY_dup(shared_rsa2048().pair.get())), shared_rsa2048().key};
}

tpm::Signature sign_for_ssh(const TestKey& key, const SshAlgorithm& algorithm, SshsigHash hash) {
  const Bytes digested = tpm::digest(algorithm.hash, signed_data(kNamespace, hash, kMessage));
  return algorithm.curve == 0 ? sign_rsa(key, alg::kRsassa, algorithm.hash, digested)
                              : sign_ecc(key, algorithm.hash, digested);
}

SshKeygenQuestion question_with(const TestKey& key, const SshAlgorithm& algorithm,
                                const tpm::Signature& signature,
                                SshsigHash hash = SshsigHash::sha512) {
  return {*public_key_line(key.key, "tpmprobe"), kNamespace,
          sshsig_file(*public_key_blob(key.key), kNamespace, hash,
                      signature_blob(algorithm, signature)),
          kMessage};
}

SshKeygenQuestion question_of(const TestKey& key, const SshAlgorithm& algorithm, SshsigHash hash) {
  return question_with(key, algorithm, sign_for_ssh(key, algorithm, hash), hash);
}

class SshKeygenForEach : public testing::TestWithParam<SshAlgorithm> {};

std::string title(const testing::TestParamInfo<SshAlgorithm>& parameter) {
  std::string name(parameter.param.name);
  std::erase(name, '-');
  return name;
}

std::vector<SshAlgorithm> algorithms_of_tpms() {
  std::vector<SshAlgorithm> found;
  for (const SshAlgorithm& algorithm : ssh_algorithms()) {
    if (algorithm.tpm) found.push_back(algorithm);
  }
  return found;
}

INSTANTIATE_TEST_SUITE_P(Algorithm, SshKeygenForEach, testing::ValuesIn(algorithms_of_tpms()),
                         title);

TEST_P(SshKeygenForEach, TakesWhatWeWrite) {
  for (const SshsigHash hash : {SshsigHash::sha256, SshsigHash::sha512}) {
    const auto answer = verify_with_ssh_keygen(question_of(key_for(GetParam()), GetParam(), hash));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_TRUE(answer->valid) << answer->last_line;
    EXPECT_THAT(answer->last_line, HasSubstr("Good \"tpmprobe@tpmprobe\" signature"));
  }
}

TEST_P(SshKeygenForEach, RefusesAnotherMessageNamespaceOrKey) {
  const auto good = question_of(key_for(GetParam()), GetParam(), SshsigHash::sha512);
  const auto refuses = [&](auto spoil) {
    SshKeygenQuestion question = good;
    spoil(question);
    const auto answer = verify_with_ssh_keygen(question);
    return answer && !answer->valid && !answer->last_line.empty();
  };
  EXPECT_TRUE(refuses([](auto& question) { question.message.push_back(0); }));
  EXPECT_TRUE(refuses([](auto& question) { question.name_space = "file"; }));
  const std::string other = *public_key_line(make_ecc_key(curve::kNistP256).key, "tpmprobe");
  EXPECT_TRUE(refuses([&](auto& question) { question.public_key_line = other; }));
}

// The three forms of an mpint: with a zero that keeps the sign bit clear, without, and with the
// zeros in front left out that the TPM gives.
TEST(SshKeygen, TakesEcdsaComponentsWithAnyLeadingOctet) {
  const SshAlgorithm& algorithm = *find_ssh_algorithm("ecdsa-sha2-nistp256");
  const TestKey key = key_for(algorithm);
  bool (*const forms[])(std::uint8_t) = {[](std::uint8_t octet) { return octet >= 0x80; },
                                         [](std::uint8_t octet) { return octet < 0x80; },
                                         [](std::uint8_t octet) { return octet == 0; }};
  for (const auto has_form : forms) {
    tpm::Signature signature;
    do {
      signature = sign_for_ssh(key, algorithm, SshsigHash::sha512);
    } while (!has_form(signature.s.front()));
    const auto answer = verify_with_ssh_keygen(question_with(key, algorithm, signature));
    EXPECT_TRUE(answer && answer->valid) << int{signature.s.front()};
  }
}

/// A private key file as ssh-keygen reads it.
void write_private_key(const TestKey& key, const std::filesystem::path& path) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  ASSERT_NE(file, nullptr);
  PEM_write_PKCS8PrivateKey(file, key.pair.get(), nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  ASSERT_EQ(::chmod(path.c_str(), S_IRUSR | S_IWUSR), 0);
}

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string output_of(const std::vector<std::string>& argv) {
  const auto result = tpm::run_process(argv, suites::patiently());
  return result ? result->output : result.error().message;
}

TEST(SshKeygen, SignsToTheVeryFileThatWeBuild) {
  const auto directory = tpm::PrivateDirectory::create();
  ASSERT_TRUE(directory);
  const auto key_file = directory->path() / "key";
  const auto message_file = directory->path() / "message";
  write_private_key(shared_rsa2048(), key_file);
  std::ofstream(directory->path() / "key.pub")
      << *public_key_line(shared_rsa2048().key, "") << '\n';
  std::ofstream(message_file) << std::string(kMessage.begin(), kMessage.end());
  output_of({"ssh-keygen", "-Y", "sign", "-n", kNamespace, "-f", key_file, message_file});
  const auto ours =
      question_of({openssl::Key(EVP_PKEY_dup(shared_rsa2048().pair.get())), shared_rsa2048().key},
                  *find_ssh_algorithm("rsa-sha2-512"), SshsigHash::sha512);
  EXPECT_EQ(read_file(message_file.string() + ".sig"), ours.sshsig_file);
}

TEST(SshKeygen, ReadsThePublicKeyAndFingerprintAsWeWriteThem) {
  const auto directory = tpm::PrivateDirectory::create();
  ASSERT_TRUE(directory);
  const auto private_file = directory->path() / "key";
  const auto public_file = directory->path() / "key.pub";
  for (const SshAlgorithm& algorithm : algorithms_of_tpms()) {
    const TestKey key = key_for(algorithm);
    const std::string line = *public_key_line(key.key, "tpmprobe");
    write_private_key(key, private_file);
    std::filesystem::remove(public_file);
    const std::string theirs = output_of({"ssh-keygen", "-y", "-f", private_file});
    EXPECT_THAT(line, StartsWith(theirs.substr(0, theirs.find_last_not_of('\n') + 1)));
    std::ofstream(public_file) << line << '\n';
    EXPECT_THAT(output_of({"ssh-keygen", "-l", "-f", public_file}),
                HasSubstr(ssh_fingerprint(*public_key_blob(key.key)) + " tpmprobe "));
  }
}

TEST(SshKeygen, RefusesAFileThatIsNoSignature) {
  SshKeygenQuestion question{*public_key_line(shared_rsa2048().key, "tpmprobe"), kNamespace,
                             "no signature\n", kMessage};
  const auto answer = verify_with_ssh_keygen(question);
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->valid);
  EXPECT_NE(answer->last_line, "");
}

TEST(SshKeygen, ItsVersionIsOneWord) {
  const auto version = ssh_keygen_version();
  ASSERT_TRUE(version);
  EXPECT_THAT(*version, StartsWith("OpenSSH_"));
  EXPECT_EQ(version->find_first_of(" ,\n"), std::string::npos);
}

/// Sets $PATH for one test; the sbin folders that find_program adds hold no ssh-keygen.
class EmptyPath : public testing::Test {
 protected:
  void SetUp() override { ::setenv("PATH", "/nonexistent", 1); }
  void TearDown() override { ::setenv("PATH", saved_.c_str(), 1); }

 private:
  std::string saved_ = std::getenv("PATH");
};

TEST_F(EmptyPath, MakesAnErrorThatNamesThePackage) {
  const auto answer = verify_with_ssh_keygen({});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "ssh-keygen is not installed (package openssh-client)");
  const auto version = ssh_keygen_version();
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().message, "ssh is not installed (package openssh-client)");
}

}  // namespace
}  // namespace tpmprobe::probes
