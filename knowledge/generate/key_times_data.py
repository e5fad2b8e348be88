# SPDX-License-Identifier: BSD-2-Clause
"""key_times.json as a C++ table: key_times_data.py KNOWLEDGE_DIR OUTPUT.cpp"""

import sys

from facts import Facts, array, literal, write


def time(facts, at, row):
    pointer = f"/times/{at}"
    facts.keys(row, pointer, ("manufacturer", "bits", "usual", "worst"))
    facts.require(0 < row["usual"] <= row["worst"], pointer, "usual must be above 0, and worst no less")
    return f"{{{literal(row['manufacturer'])}, {row['bits']}, {row['usual']}, {row['worst']}}}"


def main(folder, output):
    facts = Facts(folder, "key_times.json")
    rows = [time(facts, *item) for item in enumerate(facts.root["times"])]
    write(output, __file__, ("knowledge/vendors.h",), "\n".join([
        array("KeyTime", "kTimes", rows), "}  // namespace\n",
        "std::span<const KeyTime> key_times() { return kTimes; }\n"]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
