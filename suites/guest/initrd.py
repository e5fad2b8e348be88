# SPDX-License-Identifier: BSD-2-Clause
"""The guest's file system: a cpio archive (newc), written without help of root or cpio."""

import gzip
import re
import shutil
import stat
import subprocess
from pathlib import Path


# As Debian has it since 12: these folders are links into /usr.
MERGED = ("bin", "lib", "lib64", "sbin")


class Initrd:
    """Collects files by their path in the guest."""

    def __init__(self):
        self._entries = {}
        for name in MERGED:
            self.folder(f"/usr/{name}")
            self._entries[name] = (stat.S_IFLNK | 0o777, f"usr/{name}".encode())

    def folder(self, path):
        """A folder, and those it is in."""
        for parent in [*reversed(Path(path).parents), Path(path)]:
            name = merged(parent)
            if name not in ("", *MERGED):
                self._entries.setdefault(name, (stat.S_IFDIR | 0o755, b""))

    def file(self, path, content, mode=0o644):
        """A file with this content (str or bytes)."""
        self.folder(Path(path).parent)
        octets = content.encode() if isinstance(content, str) else content
        self._entries[merged(path)] = (stat.S_IFREG | mode, octets)

    def link(self, path, target):
        """A symbolic link."""
        self.folder(Path(path).parent)
        self._entries[merged(path)] = (stat.S_IFLNK | 0o777, target.encode())

    def program(self, path, source):
        """A program of this machine with the shared libraries that it is linked to; one that is
        another's link (tpm2_getcap) is a link in the guest, too."""
        real = Path(source).resolve()
        if real.name != Path(path).name:
            self.link(path, real.name)
            path = str(Path(path).parent / real.name)
        self.file(path, real.read_bytes(), 0o755)
        self.libraries_of(real)

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
            if merged(path) not in self._entries:
                self.file(path, Path(path).resolve().read_bytes(), 0o755)

    def write(self, path):
        """The archive, compressed."""
        with gzip.open(path, "wb", compresslevel=1) as out:
            for number, (name, (mode, content)) in enumerate(self._entries.items(), 1):
                out.write(record(name, mode, content, number))
            out.write(record("TRAILER!!!", 0, b"", 0))


def merged(path):
    """Name in the archive of an absolute path."""
    name = str(path).strip("/.")
    return f"usr/{name}" if name.split("/")[0] in MERGED and "/" in name else name


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
