# SPDX-License-Identifier: BSD-2-Clause
"""The kernel of the guest: the one that this Debian would install, taken from its package."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tpmprobe" / "kernel"


class Unavailable(Exception):
    """There is no kernel to be had; the message says why."""


def run(*command, cwd=None):
    """Output of a program that must succeed."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Unavailable(f"{command[0]} failed: {done.stderr.strip()[-300:]}")
    return done.stdout


def package():
    """Name and version of the package behind linux-image-amd64."""
    shown = subprocess.run(["apt-cache", "show", "linux-image-amd64"], capture_output=True,
                           text=True, check=False).stdout
    found = re.search(r"^Depends:.*?(linux-image-[^ ,]+) \(= ([^)]+)\)", shown, re.M)
    return found.groups() if found else None


def current_package():
    """The same, with new package lists if there are none yet."""
    if not shutil.which("apt-cache"):
        raise Unavailable("this is not Debian: there is no apt-cache")
    found = package()
    if not found and os.geteuid() == 0:
        run("apt-get", "-q", "update")
        found = package()
    if not found:
        raise Unavailable("apt knows no linux-image-amd64; `apt-get update` may help")
    return found


def download(name, version, folder):
    """The .deb of this package in the folder."""
    try:
        run("apt-get", "-q", "download", f"{name}={version}", cwd=folder)
    except Unavailable:
        if os.geteuid() != 0:
            raise
        run("apt-get", "-q", "update")  # the lists may name a version that is gone
        run("apt-get", "-q", "download", name, cwd=folder)
    return next(Path(folder).glob("*.deb"))


def kernel():
    """Path of a vmlinuz, from the cache if it was there before."""
    name, version = current_package()
    kept = CACHE / f"{name}_{version.replace(':', '_')}" / "vmlinuz"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            deb = download(name, version, folder)
            run("dpkg-deb", "-x", str(deb), folder)
            found = next(Path(folder, "boot").glob("vmlinuz-*"))
            part = kept.with_suffix(f".{os.getpid()}")
            shutil.copyfile(found, part)
            part.rename(kept)
    return kept
