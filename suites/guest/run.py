#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs tpmprobe in a QEMU guest, on the /dev/tpm0 and /dev/tpmrm0 of a real kernel."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import judge
import kernel
import machine
from image import build_initrd, require

HERE = Path(__file__).resolve().parent
SCHEMA = HERE.parent.parent / "reports" / "schema" / "report.schema.json"
SKIPPED = 77


def show(step, results, wrong):
    """One line for a step, and its output if something is wrong."""
    print(f"{'FAIL' if wrong else 'ok  '}  {step['name']}")
    for clause in wrong:
        print(f"      {clause}")
    for kind in ("out", "err") if wrong else ():
        text = results.get(f"{step['name']}.{kind}", b"").decode(errors="replace")
        print("".join(f"      {kind}: {line}\n" for line in text.splitlines()[-20:]), end="")


def embedded_report(binary):
    """What the same program says of the TPM inside it, here and not in the guest."""
    done = subprocess.run([binary, "report", "--emulated", "--format", "json"], check=True,
                          stdout=subprocess.PIPE, timeout=240)
    return json.loads(done.stdout)


def read_plan(path, device):
    """The steps for this device. Under TCG tpm2_ptool takes seconds: each device walks one of its
    ways (`only_on`), the same driver below them."""
    plan = json.loads(path.read_text())
    plan["steps"] = [step for step in plan["steps"] if step.get("only_on", device) == device]
    return plan


def run(options, folder):
    """Boots, judges, prints; whether all went well."""
    require("qemu-system-x86_64", "swtpm")
    plan = read_plan(options.steps, options.device)
    build_initrd(plan, options.binary).write(folder / "initrd")
    image = kernel.kernel()
    started = time.monotonic()
    results = machine.run_guest(folder, options.device, image, options.timeout)
    print(f"guest with {machine.DEVICES[options.device]} on {image.parent.name}: "
          f"{time.monotonic() - started:.1f} s")
    schema = json.loads(SCHEMA.read_text()) if SCHEMA.exists() else None
    reference = embedded_report(options.binary)
    verdicts = [judge.judge(step, results, schema, reference) for step in plan["steps"]]
    for step, wrong in zip(plan["steps"], verdicts):
        show(step, results, wrong)
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        for name, content in results.items():
            (options.keep / name).write_bytes(content)
    return not any(verdicts)


def main():
    """Exit code 0, 1 if a step went wrong, 77 where there can be no guest (in CI: 1)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, required=True, help="the tpmprobe to run")
    parser.add_argument("--device", choices=machine.DEVICES, default="tis")
    parser.add_argument("--steps", type=Path, default=HERE / "steps.json")
    parser.add_argument("--timeout", type=float, default=800,
                        help="seconds after which the guest is taken to hang")
    parser.add_argument("--keep", type=Path, help="folder for the files from the guest")
    options = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="guest-", dir="/tmp") as folder:
            return 0 if run(options, Path(folder)) else 1
    except kernel.Unavailable as reason:
        print(f"no guest here: {reason}")
        return 1 if os.environ.get("CI") == "true" else SKIPPED
    except machine.Failed as reason:
        print(f"FAIL  {reason}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
