# SPDX-License-Identifier: BSD-2-Clause
"""refusals.json as C++ tables: refusals_data.py KNOWLEDGE_DIR OUTPUT.cpp"""

import sys

from facts import Facts, array, literal, write
from structure_facts import Types

OFFERS = ("algorithms", "curves", "rsa_bits", "aes_bits")
FORMAT_ONE = 0x80


class Refusals:
    def __init__(self, folder):
        self.facts = Facts(folder, "refusals.json")
        self.types = Types(folder)
        self.properties = {row["symbol"]: row["tag"] for row in Facts(folder, "properties.json").root["properties"]}

    def type_name(self, name, pointer):
        self.facts.require(name in self.types.table, pointer, f"structures.json has no type '{name}'")
        return literal(name)

    def code(self, value, pointer):
        number = self.facts.number(value, pointer, 8)
        self.facts.require(number & FORMAT_ONE and not number & 0x40, pointer, "must be a code without position")
        return value

    def value(self, pointer, row):
        self.facts.keys(row, pointer, ("type", "rc", "offer"), ("scheme",))
        offer = self.facts.choice(row["offer"], f"{pointer}/offer", OFFERS)
        scheme = "true" if row.get("scheme", False) else "false"
        return (f"{{{self.type_name(row['type'], f'{pointer}/type')}, {self.code(row['rc'], f'{pointer}/rc')}, "
                f"Offer::{offer}, {scheme}}}")

    def size(self, pointer, row):
        self.facts.keys(row, pointer, ("type", "rc", "property"), ("more",))
        tag = self.properties.get(row["property"])
        self.facts.require(tag, f"{pointer}/property", f"properties.json has no '{row['property']}'")
        return (f"{{{self.type_name(row['type'], f'{pointer}/type')}, {self.code(row['rc'], f'{pointer}/rc')}, "
                f"{tag}, {int(row.get('more', 0))}}}")

    def rows(self, section, convert, key):
        rows = self.facts.root[section]["list"]
        self.facts.ascending([key(row) for row in rows], f"/{section}/list")
        return [convert(f"/{section}/list/{at}", row) for at, row in enumerate(rows)]

    def text(self):
        self.facts.keys(self.facts.root, "", ("source", "values", "sizes", "made_by_tpm"))
        by_type = lambda row: row["type"]
        return "\n".join([
            array("ValueRefusal", "kValues", self.rows("values", self.value, by_type)),
            array("SizeRefusal", "kSizes", self.rows("sizes", self.size, by_type)),
            array("std::string_view", "kMadeByTpm", self.rows(
                "made_by_tpm", lambda pointer, name: self.type_name(name, pointer), lambda name: name)),
            "}  // namespace\n",
            "std::span<const ValueRefusal> value_refusals() { return kValues; }",
            "std::span<const SizeRefusal> size_refusals() { return kSizes; }",
            "std::span<const std::string_view> types_made_by_tpm() { return kMadeByTpm; }\n"])


def main(folder, output):
    write(output, __file__, ("knowledge/refusals.h",), Refusals(folder).text())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
