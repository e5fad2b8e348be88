# SPDX-License-Identifier: BSD-2-Clause
"""algorithms.json as C++ tables: algorithms_data.py KNOWLEDGE_DIR OUTPUT.cpp"""

import sys

from facts import Facts, Pool, array, literal, write

KINDS = ("null", "asymmetric", "symmetric", "mode", "hash", "extendable-output", "mac",
         "keyed-hash-scheme", "signature-scheme", "encryption-scheme", "key-exchange",
         "key-derivation", "object")
CURVE_PREFIX = "TPM_ECC_"


def check_names(facts, section, keys):
    """No spelling may mean two things, and identifiers come in order."""
    rows, seen = facts.root[section], {}
    facts.ascending([facts.number(row["id"], f"/{section}/{at}/id", 16) for at, row in enumerate(rows)],
                    f"/{section}")
    for at, row in enumerate(rows):
        for name in {row[key].lower() for key in keys} | {alias.lower() for alias in row.get("aliases", ())}:
            facts.require(seen.setdefault(name, at) == at, f"/{section}/{at}", f"'{name}' is taken")


def algorithm(facts, aliases, at, row):
    pointer = f"/algorithms/{at}"
    facts.keys(row, pointer, ("id", "name", "title", "kind"), ("digest_size", "aliases"))
    kind = facts.choice(row["kind"], f"{pointer}/kind", KINDS)
    facts.require((kind == "hash") == ("digest_size" in row), pointer, "a hash, and only that, has a digest_size")
    names = aliases.span([literal(alias) for alias in row.get("aliases", ())])
    return (f"{{{row['id']}, {literal(row['name'])}, {literal(row['title'])}, "
            f"AlgorithmKind::{kind.replace('-', '_')}, {row.get('digest_size', 0)}, {names}}}")


def curve(facts, aliases, at, row):
    pointer = f"/curves/{at}"
    facts.keys(row, pointer, ("id", "name", "symbol", "short_title", "title", "bits"), ("aliases",))
    facts.require(row["symbol"].startswith(CURVE_PREFIX), f"{pointer}/symbol", f"must start with {CURVE_PREFIX}")
    names = aliases.span([literal(alias) for alias in row.get("aliases", ())])
    texts = ", ".join(literal(row[key]) for key in ("name", "symbol", "short_title", "title"))
    return f"{{{row['id']}, {texts}, {row['bits']}, {names}}}"


def main(folder, output):
    facts = Facts(folder, "algorithms.json")
    aliases = Pool("std::string_view", "kAliases")
    algorithms = [algorithm(facts, aliases, *item) for item in enumerate(facts.root["algorithms"])]
    curves = [curve(facts, aliases, *item) for item in enumerate(facts.root["curves"])]
    check_names(facts, "algorithms", ("name", "title"))
    check_names(facts, "curves", ("name", "symbol", "short_title", "title"))
    write(output, __file__, ("knowledge/algorithms.h",), "\n".join([
        aliases.text(), array("AlgorithmInfo", "kAlgorithms", algorithms), array("CurveInfo", "kCurves", curves),
        "}  // namespace\n",
        "std::span<const AlgorithmInfo> algorithms() { return kAlgorithms; }",
        "std::span<const CurveInfo> curves() { return kCurves; }\n"]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
