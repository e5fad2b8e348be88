// SPDX-License-Identifier: BSD-2-Clause
#include "cli/program.h"

int main(int argc, char** argv) {
  return tpmprobe::cli::run_program(argc, argv);
}
