// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/types.h>

namespace tpmprobe::tpm {

/// First thing in a child after fork(2): a session of its own (Ctrl-C and the terminal's hang-up do
/// not reach it), every signal at its default and unblocked.
void detach_child();

/// Has the kernel end this process with SIGKILL when the thread that forked it ends, for whatever
/// reason. `parent` is the process that forked: if it is gone already, this process ends at once.
void die_with_parent(pid_t parent);

/// In a child after fork(2) that goes on without exec(2): standard input and output (and standard
/// error, unless it is to be kept) become /dev/null, `keep` becomes descriptor 3, which is
/// returned, and every other descriptor is closed.
int keep_only(int keep, bool keep_stderr);

}  // namespace tpmprobe::tpm
