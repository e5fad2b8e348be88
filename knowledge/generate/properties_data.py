# SPDX-License-Identifier: BSD-2-Clause
"""properties.json as C++ tables: properties_data.py KNOWLEDGE_DIR OUTPUT.cpp"""

import sys

from facts import Facts, Pool, array, literal, write

SHOWS = ("number", "hex", "text", "revision", "octets", "seconds", "milliseconds", "algorithm", "bits")


def property_row(facts, fields, at, row):
    pointer = f"/properties/{at}"
    facts.keys(row, pointer, ("tag", "symbol", "show", "title"), ("bits",))
    show = facts.choice(row["show"], f"{pointer}/show", SHOWS)
    facts.require((show == "bits") == ("bits" in row), pointer, "'bits' names the structure if 'show' is bits")
    bits = row.get("bits", "")
    facts.require(not bits or bits in fields, f"{pointer}/bits", f"'{bits}' is not in bit_fields")
    return (f"{{{row['tag']}, {literal(row['symbol'])}, {literal(row['title'])}, Show::{show}, {literal(bits)}}}")


def pcr_row(facts, at, row):
    facts.keys(row, f"/pcr_properties/{at}", ("tag", "symbol", "title"))
    return f"{{{row['tag']}, {literal(row['symbol'])}, {literal(row['title'])}, Show::number, {{}}}}"


def bit_field(facts, names, name, bits):
    pointer = f"/bit_fields/{name}"
    facts.ascending(list(bits.values()), pointer)
    facts.require(all(0 <= bit < 32 for bit in bits.values()), pointer, "a bit is 0 to 31")
    return f"{{{literal(name)}, {names.span([f'{{{literal(bit)}, {at}}}' for bit, at in bits.items()])}}}"


def main(folder, output):
    facts = Facts(folder, "properties.json")
    root = facts.root
    for section in ("properties", "pcr_properties"):
        facts.ascending([facts.number(row["tag"], f"/{section}/{at}/tag", 32)
                         for at, row in enumerate(root[section])], f"/{section}")
    names = Pool("BitName", "kBitNames")
    fields = [bit_field(facts, names, *item) for item in root["bit_fields"].items()]
    rows = [property_row(facts, root["bit_fields"], *item) for item in enumerate(root["properties"])]
    pcr_rows = [pcr_row(facts, *item) for item in enumerate(root["pcr_properties"])]
    headers = ("knowledge/capabilities.h", "knowledge/properties.h")
    write(output, __file__, headers, "\n".join([
        names.text(),
        array("BitField", "kBitFields", fields), array("PropertyInfo", "kProperties", rows),
        array("PropertyInfo", "kPcrProperties", pcr_rows), "}  // namespace\n",
        "std::span<const BitField> bit_fields() { return kBitFields; }",
        "std::span<const PropertyInfo> properties() { return kProperties; }",
        "std::span<const PropertyInfo> pcr_properties() { return kPcrProperties; }\n"]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
