# SPDX-License-Identifier: BSD-2-Clause
"""The guest: QEMU with a TPM device and swtpm behind it. Never KVM: /dev/kvm may be there and not
work, and the guest needs few seconds without."""

import io
import subprocess
import tarfile
import time
from pathlib import Path

DEVICES = {"tis": "tpm-tis", "crb": "tpm-crb"}


class Failed(Exception):
    """The guest did not come to its end; the message has the end of its console."""


def start_swtpm(folder):
    """A new TPM; it ends with QEMU. Paths must be absolute, and the socket's short."""
    state = folder / "tpm"
    state.mkdir()
    socket = folder / "ctrl"
    # pylint: disable=consider-using-with
    swtpm = subprocess.Popen(
        ["swtpm", "socket", "--tpm2", "--terminate", "--tpmstate", f"dir={state}",
         "--ctrl", f"type=unixio,path={socket}"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    hangs = time.monotonic() + 240
    while not socket.exists():
        if swtpm.poll() is not None or time.monotonic() > hangs:
            swtpm.kill()
            raise Failed("swtpm did not start")
        time.sleep(0.01)
    return swtpm


def qemu_command(folder, device, kernel):
    """The machine: console on the first serial port, results on the second."""
    return ["qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-m", "1024", "-nodefaults",
            "-no-user-config", "-display", "none", "-no-reboot",
            "-kernel", str(kernel), "-initrd", str(folder / "initrd"),
            "-append", "console=ttyS0 quiet panic=-1 random.trust_cpu=on",
            "-serial", f"file:{folder / 'console'}", "-serial", f"file:{folder / 'results'}",
            "-chardev", f"socket,id=tpm,path={folder / 'ctrl'}",
            "-tpmdev", "emulator,id=tpm,chardev=tpm",
            "-device", f"{DEVICES[device]},tpmdev=tpm"]


def console(folder):
    """The last lines that the guest printed."""
    path = folder / "console"
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    return "\n".join(lines[-40:])


def unpack(octets):
    """What the guest sent, by name."""
    files = {}
    with tarfile.open(fileobj=io.BytesIO(octets), mode="r:gz") as archive:
        for member in archive.getmembers():
            if member.isfile():
                files[member.name.removeprefix("./")] = archive.extractfile(member).read()
    return files


def run_guest(folder, device, kernel, timeout):
    """Boots the guest from folder/initrd; returns its result files by name."""
    swtpm = start_swtpm(folder)
    try:
        done = subprocess.run(qemu_command(folder, device, kernel), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=timeout, check=False)
        if done.returncode != 0:
            raise Failed(f"QEMU failed: {done.stderr.strip()}\n{console(folder)}")
        return unpack(Path(folder, "results").read_bytes())
    except subprocess.TimeoutExpired:
        raise Failed(f"the guest took more than {timeout} s\n{console(folder)}") from None
    except (OSError, EOFError, tarfile.TarError) as error:
        raise Failed(f"no results from the guest: {error}\n{console(folder)}") from None
    finally:
        swtpm.kill()
        swtpm.wait()
