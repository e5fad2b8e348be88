# SPDX-License-Identifier: BSD-2-Clause
"""The guest's file system: a cpio archive (newc), written without help of root or cpio."""

import gzip
import re
import shutil
import stat
import subprocess
from pathlib import Path


class Initrd:
    """Collects files by their path in the guest."""

    def __init__(self):
        self._entries = {}

    def folder(self, path):
        """A folder, and those it is in."""
        for parent in [*reversed(Path(path).parents), Path(path)]:
            name = str(parent).strip("/.")
            if name:
                self._entries.setdefault(name, (stat.S_IFDIR | 0o755, b""))

    def file(self, path, content, mode=0o644):
        """A file with this content (str or bytes)."""
        self.folder(Path(path).parent)
        octets = content.encode() if isinstance(content, str) else content
        self._entries[path.strip("/")] = (stat.S_IFREG | mode, octets)

    def link(self, path, target):
        """A symbolic link."""
        self.folder(Path(path).parent)
        self._entries[path.strip("/")] = (stat.S_IFLNK | 0o777, target.encode())

    def program(self, path, source):
        """A program of this machine with the shared libraries that it is linked to."""
        self.file(path, Path(source).read_bytes(), 0o755)
        self.libraries_of(source)

    def library(self, name):
        """A shared library that programs open by name, with what it is linked to itself."""
        source = next((path for path in find_library(name)), None)
        if source is None:
            raise FileNotFoundError(f"no library {name} on this machine")
        self.file(source, Path(source).resolve().read_bytes(), 0o755)
        self.libraries_of(source)

    def libraries_of(self, source):
        """Every library that the loader would bring in for this file."""
        shown = subprocess.run(["ldd", str(source)], capture_output=True, text=True, check=False)
        for path in re.findall(r"(/\S+) \(0x", shown.stdout):
            if path.strip("/") not in self._entries:
                self.file(path, Path(path).resolve().read_bytes(), 0o755)

    def write(self, path):
        """The archive, compressed."""
        with gzip.open(path, "wb", compresslevel=1) as out:
            for number, (name, (mode, content)) in enumerate(self._entries.items(), 1):
                out.write(record(name, mode, content, number))
            out.write(record("TRAILER!!!", 0, b"", 0))


def find_library(name):
    """Where the loader's cache has a library."""
    shown = subprocess.run([shutil.which("ldconfig") or "/sbin/ldconfig", "-p"],
                           capture_output=True, text=True, check=False).stdout
    return re.findall(rf"^\s*{re.escape(name)} .*=> (\S+)$", shown, re.M)


def record(name, mode, content, number):
    """One member: thirteen fields of eight hexadecimal digits, name and content padded to four."""
    fields = [number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
    return padded(head) + padded(content)


def padded(octets):
    """With zeros up to a multiple of four."""
    return octets + bytes(-len(octets) % 4)
