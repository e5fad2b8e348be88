// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "doctor/machine.h"

namespace tpmprobe::doctor {

// What this_machine() is put together from, one file for each source.

/// stat(2) and access(2).
std::optional<FileFacts> facts_of_file(const std::string& path);
/// Names of a user and a group, or their numbers.
std::string user_name(unsigned id);
std::string group_name(unsigned id);
/// Groups of this process, the effective one first.
std::vector<std::string> groups_of_process();
/// Groups that the database (/etc/group, or what nsswitch.conf(5) names) has of this user.
std::vector<std::string> groups_of_user();
/// From /proc/*/fd.
std::vector<std::string> holders_of(const std::string& file);
/// From /proc/*/comm and cmdline.
std::vector<Process> processes_called(std::string_view name);
/// By dbus-send, for at most half a second.
std::optional<bool> ask_system_bus();
/// By systemctl, for at most half a second each.
std::optional<ServiceState> ask_systemd(std::string_view service);
/// What a driver of the TPM said in a record of /dev/kmsg ("6,512,9000,-;tpm tpm0: text"); nullopt
/// if it is of another part of the kernel or of a program.
std::optional<std::string> words_of_driver(std::string_view record);
/// From /dev/kmsg.
std::optional<std::vector<std::string>> read_kernel_log();

}  // namespace tpmprobe::doctor
