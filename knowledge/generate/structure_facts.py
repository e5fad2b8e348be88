# SPDX-License-Identifier: BSD-2-Clause
"""structures.json as a table of types: checked, resolved, with the octets that each type can take."""

import re

from facts import Facts

NO_BOUND = {"buffer": 0xFFFF, "list": 0xFFFFFFFF}
WIDTHS = ("1", "2", "4", "8")


class Type:
    """One type; members and alternatives name other types until `Types.index` numbers them."""

    def __init__(self, name, kind, pointer, **more):
        self.name, self.kind, self.pointer = name, kind, pointer
        self.width = self.maximum = 0
        self.optional = False
        self.selector = -1
        self.members = []  # (name, type, selected)
        self.alternatives = []  # (number, name, type)
        self.__dict__.update(more)


class Types:
    """All types, by name."""

    def __init__(self, folder):
        self.facts = Facts(folder, "structures.json")
        self.algorithms = Facts(folder, "algorithms.json").root["algorithms"]
        self.table = {}
        root = self.facts.root
        self.facts.keys(root, "", ("source", "integers", "buffers", "sized", "lists", "structures",
                                   "unions", "constants"))
        self.constants = self._constants(root)
        self._integers(root)
        self._octets("BYTE[]", "rest", 0)
        self._each("buffers", self._buffer)
        self._each("sized", self._sized)
        self._each("lists", self._list)
        self._each("structures", self._structure)
        self._each("unions", self._union)
        self.order = sorted(self.table)
        self.depth = max(self._depth(name, ()) for name in self.order)
        for row in self.table.values():
            self._selection(row)
        self.sizes = {}
        for name in self.order:
            self._size(name)

    def index(self, name):
        return self.order.index(name)

    def _constants(self, root):
        numbers = {"TPM_ALG_" + row["name"].upper(): int(row["id"], 16) for row in self.algorithms}
        for name, value in root["constants"].items():
            if name != "about":
                numbers[name] = self.facts.number(value, f"/constants/{name}", 32)
        return numbers

    def _add(self, name, kind, pointer, **more):
        self.facts.require(name not in self.table, pointer, f"'{name}' is defined twice")
        self.table[name] = Type(name, kind, pointer, **more)
        return self.table[name]

    def _each(self, section, read):
        for name, value in self.facts.root[section].items():
            if name != "about":
                read(name, value, f"/{section}/{name}")

    def _integers(self, root):
        self.facts.keys(root["integers"], "/integers", WIDTHS)
        for width in WIDTHS:
            for at, name in enumerate(root["integers"][width]):
                self._add(name, "integer", f"/integers/{width}/{at}", width=int(width))

    def _octets(self, name, kind, width):
        if name not in self.table:
            self._add(name, kind, "/structures", width=width)
        return name

    def _buffer(self, name, value, pointer):
        self.facts.require(value is None or 0 < value <= 0xFFFF, pointer, "must be null or a size")
        self._add(name, "buffer", pointer, maximum=value or NO_BOUND["buffer"])

    def _sized(self, name, value, pointer):
        words = self.facts.words(value, pointer, 2, 3)
        self.facts.require(words[2:] in ([], ["optional"]), pointer, f"'{words[-1]}' is not 'optional'")
        self._add(name, "sized", pointer, members=[(words[1], words[0], False)], optional=len(words) == 3)

    def _list(self, name, value, pointer):
        words = self.facts.words(value, pointer, 1, 2)
        self.facts.require(words[1:] == [] or words[1].isdigit(), pointer, "the bound must be a number")
        self._add(name, "list", pointer, members=[("", words[0], False)],
                  maximum=int(words[1]) if len(words) == 2 else NO_BOUND["list"])

    def _structure(self, name, value, pointer):
        row = self._add(name, "structure", pointer)
        for at, text in enumerate(value):
            self._member(row, text, f"{pointer}/{at}")

    def _member(self, row, text, pointer):
        words = self.facts.words(text, pointer, 2, 3)
        counted = re.fullmatch(r"BYTE\[(\w+)\]", words[0])
        selected = counted or (len(words) == 3 and re.fullmatch(r"\[(\w+)\]", words[2]))
        self.facts.require(len(words) == 2 or selected, pointer, f"'{words[-1]}' is not [SIBLING]")
        if selected:
            names = [member[0] for member in row.members]
            self.facts.require(selected[1] in names, pointer, f"'{selected[1]}' is not an earlier member")
            at = names.index(selected[1])
            self.facts.require(row.selector in (-1, at), pointer, "a second selector")
            row.selector = at
        kind = self._octets("BYTE[counted]", "counted", 0) if counted else words[0]
        row.members.append((words[1], kind, bool(selected)))

    def _union(self, name, value, pointer):
        row = self._add(name, "alternatives", pointer)
        if isinstance(value, str):
            value = self._hashes()
        for at, text in enumerate(value):
            here = f"{pointer}/{at}"
            selector, kind, member = self.facts.words(text, here, 3, 3)
            if selector == "otherwise":
                row.members = [(member, kind, True)]
                continue
            self.facts.require(selector in self.constants, here, f"'{selector}' has no number")
            number = self.constants[selector]
            taken = [alternative[0] for alternative in row.alternatives]
            self.facts.require(number not in taken, here, f"'{selector}' occurs twice")
            row.alternatives.append((number, member, kind))

    def _hashes(self):
        """TPMU_HA: an array of the digest size for each hash, nothing for TPM_ALG_NULL."""
        rows = {}
        for row in self.algorithms:
            if "digest_size" in row:
                size = row["digest_size"]
                kind = self._octets(f"BYTE[{size}]", "octets", size)
                rows[int(row["id"], 16)] = f"TPM_ALG_{row['name'].upper()} {kind} {row['name']}"
        rows[self.constants["TPM_ALG_NULL"]] = "TPM_ALG_NULL TPMS_EMPTY null"
        return [rows[number] for number in sorted(rows)]

    def _inner(self, row):
        return [member[1] for member in row.members] + [other[2] for other in row.alternatives]

    def _depth(self, name, above):
        """Names on the longest path into a type; refuses types that contain themselves."""
        row = self.table[name]
        self.facts.require(name not in above, row.pointer, f"'{name}' contains itself")
        for inner in self._inner(row):
            self.facts.require(inner in self.table, row.pointer, f"type '{inner}' does not exist")
        return 1 + max((self._depth(inner, above + (name,)) for inner in self._inner(row)), default=0)

    def _selection(self, row):
        """What depends on a selector must have one, and that must be a number."""
        for at, (name, kind, selected) in enumerate(row.members):
            depends = self.table[kind].kind in ("alternatives", "counted")
            self.facts.require(row.kind == "alternatives" or depends == selected, f"{row.pointer}/{at}",
                               f"'{name}' must name what selects it, if and only if it is a union")
        selector = row.members[row.selector][1] if row.selector >= 0 else "BYTE"
        self.facts.require(self.table[selector].kind == "integer", row.pointer, "selected by something that is not an integer")

    def _size(self, name):
        """(fewest octets, whether that is always the number)"""
        if name not in self.sizes:
            self.sizes[name] = self._measure(self.table[name])
        return self.sizes[name]

    def _measure(self, row):
        inner = [self._size(kind) for kind in self._inner(row)]
        if row.kind in ("integer", "octets"):
            return row.width, True
        if row.kind in ("buffer", "sized"):
            return 2, False
        if row.kind == "list":
            self.facts.require(inner[0][0] > 0, row.pointer, "its elements may be empty")
            return 4, False
        if row.kind == "structure":
            return sum(size for size, _ in inner), all(fixed for _, fixed in inner)
        return min((size for size, _ in inner), default=0), False
