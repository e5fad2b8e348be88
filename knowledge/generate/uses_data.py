# SPDX-License-Identifier: BSD-2-Clause
"""uses.json as a C++ table: uses_data.py KNOWLEDGE_DIR OUTPUT.cpp"""

import sys

from facts import Facts, Pool, array, literal, write

KINDS = ("ssh",)


def way(facts, results, row, pointer):
    facts.keys(row, pointer, ("title", "software", "results"))
    facts.require(row["results"], f"{pointer}/results", "must name a probe")
    ids = results.span([literal(entry) for entry in row["results"]])
    return f"{{{literal(row['title'])}, {literal(row['software'])}, {ids}}}"


def use(facts, ways, results, at, row):
    pointer = f"/uses/{at}"
    facts.keys(row, pointer, ("id", "kind", "title", "strength", "ways"), ("key", "walk", "make", "caveat", "never"))
    facts.require(bool(row["ways"]) != ("never" in row), pointer, "needs either ways or 'never'")
    rows = [way(facts, results, entry, f"{pointer}/ways/{index}") for index, entry in enumerate(row["ways"])]
    facts.choice(row["kind"], f"{pointer}/kind", KINDS)
    texts = [literal(row.get(name, "")) for name in ("title", "key", "walk", "make")]
    return (f"{{{literal(row['id'])}, UseKind::{row['kind']}, {', '.join(texts)}, "
            f"{int(row['strength'])}, {literal(row.get('caveat', ''))}, "
            f"{literal(row.get('never', ''))}, {ways.span(rows)}}}")


def main(folder, output):
    facts = Facts(folder, "uses.json")
    results = Pool("std::string_view", "kResults")
    ways = Pool("UseWay", "kWays")
    rows = [use(facts, ways, results, *item) for item in enumerate(facts.root["uses"])]
    write(output, __file__, ("knowledge/uses.h",), "\n".join([
        results.text(), ways.text(), array("UseInfo", "kUses", rows), "}  // namespace\n",
        "std::span<const UseInfo> uses() { return kUses; }\n"]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
