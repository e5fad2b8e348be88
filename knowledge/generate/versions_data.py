# SPDX-License-Identifier: BSD-2-Clause
"""versions.json as C++ tables: versions_data.py KNOWLEDGE_DIR OUTPUT.cpp"""

import re
import sys

from facts import Facts, array, literal, write

VERSION = re.compile(r"[0-9]+(\.[0-9]+)*")


def version(facts, text, pointer):
    facts.require(isinstance(text, str) and VERSION.fullmatch(text), pointer, f"'{text}' must be a version")
    return literal(text)


def sourced(facts, row, pointer, needed):
    facts.keys(row, pointer, (*needed, "source"))
    facts.require(row["source"], pointer, "must have a source")


def schema(facts, at, row):
    pointer = f"/store_schemas/{at}"
    sourced(facts, row, pointer, ("version", "schema"))
    return f"{{{version(facts, row['version'], pointer)}, {row['schema']}}}"


def upgrade(facts, at, row):
    pointer = f"/broken_upgrades/{at}"
    sourced(facts, row, pointer, ("from", "below", "schema_below", "when"))
    first, end = (version(facts, row[name], pointer) for name in ("from", "below"))
    return f"{{{first}, {end}, {row['schema_below']}}}"


def side(facts, text, pointer):
    package, word, limit = facts.words(text, pointer, 3, 3)
    facts.choice(word, pointer, ("from", "below"))
    number = version(facts, limit, pointer)
    return f"{{{literal(package)}, {number if word == 'from' else '{}'}, {number if word == 'below' else '{}'}}}"


def pair(facts, at, row):
    pointer = f"/pairs/{at}"
    sourced(facts, row, pointer, ("first", "second", "says", "fix"))
    sides = ", ".join(side(facts, row[name], f"{pointer}/{name}") for name in ("first", "second"))
    return f"{{{sides}, {literal(row['says'])}, {literal(row['fix'])}}}"


def numbers(text):
    return [int(part) for part in text.split(".")]


def main(folder, output):
    facts = Facts(folder, "versions.json")
    schemas = [schema(facts, *item) for item in enumerate(facts.root["store_schemas"])]
    facts.ascending([numbers(row["version"]) for row in facts.root["store_schemas"]], "/store_schemas")
    upgrades = [upgrade(facts, *item) for item in enumerate(facts.root["broken_upgrades"])]
    pairs = [pair(facts, *item) for item in enumerate(facts.root["pairs"])]
    write(output, __file__, ("knowledge/versions.h",), "\n".join([
        array("StoreSchema", "kSchemas", schemas), array("BrokenUpgrade", "kUpgrades", upgrades),
        array("VersionPair", "kPairs", pairs), "}  // namespace\n",
        "std::span<const StoreSchema> store_schemas() { return kSchemas; }",
        "std::span<const BrokenUpgrade> broken_upgrades() { return kUpgrades; }",
        "std::span<const VersionPair> version_pairs() { return kPairs; }\n"]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
