# SPDX-License-Identifier: BSD-2-Clause
"""vendors.json as a C++ table: vendors_data.py KNOWLEDGE_DIR OUTPUT.cpp"""

import sys

from facts import Facts, Pool, array, literal, write

KINDS = {"unknown": "unknown", "discrete": "discrete", "firmware": "firmware",
         "virtual": "virtual_machine", "emulator": "emulator"}
STYLES = ("words", "date")


def kind(facts, row, pointer):
    return "TpmKind::" + KINDS[facts.choice(row["kind"], f"{pointer}/kind", KINDS)]


def model(facts, row, pointer):
    facts.keys(row, pointer, ("vendor_string", "kind", "what"))
    return f"{{{literal(row['vendor_string'])}, {kind(facts, row, pointer)}, {literal(row['what'])}}}"


def vendor(facts, models, at, row):
    pointer = f"/vendors/{at}"
    facts.keys(row, pointer, ("id", "name", "kind", "what", "firmware"), ("models",))
    facts.require(0 < len(row["id"]) <= 4, f"{pointer}/id", "must have one to four characters")
    style = facts.choice(row["firmware"], f"{pointer}/firmware", STYLES)
    rows = [model(facts, entry, f"{pointer}/models/{index}") for index, entry in enumerate(row.get("models", ()))]
    return (f"{{{literal(row['id'])}, {literal(row['name'])}, {kind(facts, row, pointer)}, "
            f"{literal(row['what'])}, FirmwareStyle::{style}, {models.span(rows)}}}")


def main(folder, output):
    facts = Facts(folder, "vendors.json")
    facts.ascending([row["id"] for row in facts.root["vendors"]], "/vendors")
    models = Pool("ModelInfo", "kModels")
    rows = [vendor(facts, models, *item) for item in enumerate(facts.root["vendors"])]
    write(output, __file__, ("knowledge/vendors.h",), "\n".join([
        models.text(), array("VendorInfo", "kVendors", rows), "}  // namespace\n",
        "std::span<const VendorInfo> vendors() { return kVendors; }\n"]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
