# SPDX-License-Identifier: BSD-2-Clause
"""What the scripts of this folder share: reading fact files, refusing wrong ones, writing C++."""

import json
import pathlib
import sys


class Facts:
    """One fact file. `fail` names the file and the JSON pointer of the wrong fact in one line."""

    def __init__(self, folder, name):
        self.path = pathlib.Path(folder) / name
        try:
            self.root = json.loads(self.path.read_text(), object_pairs_hook=self._unique)
        except (OSError, ValueError) as error:
            self.fail("", str(error))

    def _unique(self, pairs):
        for name, _ in pairs:
            if sum(name == other for other, _ in pairs) > 1:
                self.fail("", f"'{name}' occurs twice in one object")
        return dict(pairs)

    def fail(self, pointer, message):
        sys.exit(f"{self.path}: {pointer or '/'}: {message}")

    def require(self, condition, pointer, message):
        if not condition:
            self.fail(pointer, message)

    def keys(self, value, pointer, needed, allowed=()):
        """Requires an object that has all of `needed` and nothing beyond `allowed`."""
        self.require(isinstance(value, dict), pointer, "must be an object")
        for name in needed:
            self.require(name in value, pointer, f"'{name}' is missing")
        for name in value:
            self.require(name in needed or name in allowed, pointer, f"'{name}' is not allowed here")

    def number(self, value, pointer, bits):
        """The value of a "0x…" string of this width."""
        self.require(isinstance(value, str) and value.startswith("0x"), pointer, "must be \"0x...\"")
        try:
            number = int(value, 16)
        except ValueError:
            self.fail(pointer, f"'{value}' is not a number")
        self.require(number >> bits == 0, pointer, f"'{value}' is longer than {bits} bits")
        return number

    def words(self, value, pointer, least, most):
        """The words of a string such as "TYPE NAME"."""
        self.require(isinstance(value, str), pointer, "must be a string")
        words = value.split()
        self.require(least <= len(words) <= most, pointer, f"'{value}' must have {least} to {most} words")
        return words

    def choice(self, value, pointer, allowed):
        self.require(value in allowed, pointer, f"'{value}' must be one of {', '.join(allowed)}")
        return value

    def ascending(self, numbers, pointer):
        for index in range(1, len(numbers)):
            self.require(numbers[index - 1] < numbers[index], f"{pointer}/{index}",
                         "must come in ascending order, each once")


def literal(text):
    """A C++ string literal."""
    return json.dumps(text)


def array(kind, name, rows):
    """A constant array, one row a line; C++ has no empty arrays, so there must be rows."""
    return f"constexpr {kind} {name}[] = {{\n" + "".join(f"    {row},\n" for row in rows) + "};\n"


class Pool:
    """Rows of many small lists in one array; `span` stores a list and gives its C++ span."""

    def __init__(self, kind, name):
        self.kind, self.name, self.rows = kind, name, []

    def span(self, rows):
        if not rows:
            return "{}"
        start = len(self.rows)
        self.rows += rows
        return f"std::span<const {self.kind}>({self.name} + {start}, {len(rows)})"

    def text(self):
        return array(self.kind, self.name, self.rows)


def write(output, script, headers, body):
    includes = "".join(f'#include "{header}"\n' for header in headers)
    pathlib.Path(output).write_text(
        f"// Written by {pathlib.Path(script).name}; the facts are in the JSON files.\n"
        f"{includes}\nnamespace tpmprobe::knowledge {{\nnamespace {{\n\n{body}\n}}  // namespace tpmprobe::knowledge\n")
