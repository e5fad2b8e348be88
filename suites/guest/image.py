# SPDX-License-Identifier: BSD-2-Clause
"""What the guest has: tpmprobe, the programs of its steps, and users to run them."""

import os
import shutil
from pathlib import Path

import kernel
from initrd import Initrd
from python_program import add_python_program

HERE = Path(__file__).resolve().parent

# One user who may not use the TPM, and one in group tss. sshd and the TPM's group have the users
# that their packages make.
PASSWD = """\
root:x:0:0:root:/root:/bin/login-shell
tss:x:101:101::/nonexistent:/bin/false
sshd:x:102:65534::/run/sshd:/bin/false
outsider:x:1000:1000::/tmp:/bin/sh
member:x:1001:1001::/tmp:/bin/sh
"""
GROUP = """\
root:x:0:
tss:x:101:member
nogroup:x:65534:
outsider:x:1000:
member:x:1001:
"""


def require(*programs):
    """The paths of programs of this machine."""
    paths = [shutil.which(program, path="/usr/bin:/bin:/usr/sbin:/sbin:" + os.environ["PATH"])
             for program in programs]
    for program, path in zip(programs, paths):
        if path is None:
            raise kernel.Unavailable(f"{program} is not installed")
    return paths


def build_initrd(plan, binary):
    """Everything that the guest has."""
    image = Initrd()
    image.file("/init", (HERE / "init").read_bytes(), 0o755)
    image.file("/bin/busybox", Path(require("busybox")[0]).read_bytes(), 0o755)
    image.file("/bin/login-shell", (HERE / "login-shell").read_bytes(), 0o755)
    image.file("/etc/passwd", PASSWD)
    image.file("/etc/group", GROUP)
    image.folder("/root")
    image.program("/usr/local/bin/tpmprobe", binary)
    for path in require(*plan["programs"]):
        image.program(path, path)
    for path in require(*plan["python_programs"]):
        add_python_program(image, path)
    for name in plan["libraries"]:
        image.library(name)
    add_files(image, plan["files"])
    image.file("/steps.sh", (HERE / "steps.sh").read_bytes())
    for step in plan["steps"]:
        image.file(f"/steps/{step['name']}", "\n".join(step["run"]) + "\n")
    return image


def add_files(image, patterns):
    """Files that programs find by their path; what one release of Debian has and another has not
    is no error."""
    for pattern in patterns:
        for path in Path("/").glob(pattern.lstrip("/")):
            image.program(str(path), path)
