# SPDX-License-Identifier: BSD-2-Clause
"""The numbers that code names, as headers of constants: constants.py KNOWLEDGE_DIR OUTPUT_DIR

What the numbers mean stands in the JSON files, which other scripts check.
"""

import pathlib
import re
import sys

from facts import Facts


def constant(symbol):
    """kMaxDigest for MAX_DIGEST, kNvReadPublic for NV_ReadPublic, kSha3_256 for sha3_256."""
    words = [word.capitalize() if word.isupper() else word[:1].upper() + word[1:] for word in symbol.split("_")]
    joined = re.sub(r"(?<=\d)_(?=\d)|_", lambda found: found[0] if between_digits(found) else "", "_".join(words))
    capitals = r"(?<=[a-z])[A-Z]{2,}(?![a-z])"  # the PCR of PolicyPCR
    return "k" + re.sub(capitals, lambda found: found[0].capitalize(), joined)


def between_digits(found):
    around = found.string[found.start() - 1] + found.string[found.end():found.end() + 1]
    return around.isdigit() and len(around) == 2


class Header:
    """The text of one header; `group` adds the constants of one kind."""

    def __init__(self, facts):
        self.facts, self.parts, self.seen = facts, [], set()

    def group(self, about, space, bits, rows):
        """`rows` are (pointer, name in the specification, value, its prefix there)."""
        lines = [self._line(*row, space, bits) for row in rows]
        body = "".join(lines) if not space else f"namespace {space} {{\n{''.join(lines)}}}  // namespace {space}\n"
        self.parts.append(f"/// {about}\n{body}")

    def _line(self, pointer, symbol, value, prefix, space, bits):
        name = constant(symbol.removeprefix(prefix))
        self.facts.require(re.fullmatch(r"k\w+", name), pointer, f"'{symbol}' makes no name of a constant")
        self.facts.require((space, name) not in self.seen, pointer, f"{name} is made twice")
        self.seen.add((space, name))
        return f"inline constexpr std::uint{bits}_t {name} = {value};\n"

    def write(self, path):
        text = ("// Written by constants.py; the facts are in the JSON files.\n#pragma once\n\n#include <cstdint>\n\n"
                "namespace tpmprobe::knowledge {\n\n" + "\n".join(self.parts) +
                "\n}  // namespace tpmprobe::knowledge\n")
        if not path.exists() or path.read_text() != text:  # else nothing that includes it is made again
            path.write_text(text)


def listed(facts, section, symbol, value, prefix):
    """The rows of a section that is a list of objects."""
    return [(f"/{section}/{at}", row[symbol], row[value], prefix) for at, row in enumerate(facts.root[section])]


def prefixed(facts, prefix):
    """The constants of structures.json that start so."""
    return [(f"/constants/{name}", name, value, prefix) for name, value in facts.root["constants"].items()
            if name.startswith(prefix)]


def algorithms(folder):
    facts = Facts(folder, "algorithms.json")
    header = Header(facts)
    header.group("TPM_ALG_ID (TCG Algorithm Registry).", "alg", 16, listed(facts, "algorithms", "name", "id", ""))
    header.group("TPM_ECC_CURVE (TCG Algorithm Registry).", "curve", 16,
                 listed(facts, "curves", "symbol", "id", "TPM_ECC_"))
    return header


def commands(folder):
    facts = Facts(folder, "commands.json")
    header = Header(facts)
    header.group("TPM_CC (Part 2, 6.5.2).", "cc", 32, listed(facts, "commands", "name", "code", ""))
    return header


def properties(folder):
    facts = Facts(folder, "properties.json")
    header = Header(facts)
    header.group("Where the fixed and the variable properties start.", "", 32,
                 [(f"/groups/{name}", name, value, "TPM_") for name, value in facts.root["groups"].items()])
    header.group("TPM_PT (Part 2, 6.13).", "", 32, listed(facts, "properties", "symbol", "tag", "TPM_"))
    header.group("TPM_PT_PCR (Part 2, 6.14).", "", 32, listed(facts, "pcr_properties", "symbol", "tag", "TPM_"))
    return header


def handles(folder):
    facts = Facts(folder, "structures.json")
    header = Header(facts)
    header.group("TPM_RH (Part 2, 7.4).", "rh", 32, prefixed(facts, "TPM_RH_"))
    header.group("TPM_RS (Part 2, 7.4).", "rs", 32, prefixed(facts, "TPM_RS_"))
    fields = Facts(folder, "properties.json")
    for name, bits in (("TPMA_SESSION", 8), ("TPMA_CC", 32)):
        header.group(f"{name} (Part 2, 8).", "", bits,
                     [(f"/bit_fields/{name}", f"{name}_{bit}", f"1U << {at}", "TPMA_")
                      for bit, at in fields.root["bit_fields"][name].items()])
    header.group("TPMA_CC: what makes up the command code, commandIndex and V.", "", 32,
                 [("", "COMMAND_OF_ATTRIBUTES", "kCcV | 0xFFFF", "")])
    return header


def codes(folder):
    rows, facts = [], None
    for path in sorted(pathlib.Path(folder, "codes").glob("*.json")):
        facts = Facts(folder, f"codes/{path.name}")
        if facts.root["symbol"].startswith("TPM_RC_"):
            rows.append(("/symbol", facts.root["symbol"], facts.root["number"], "TPM_RC_"))
    header = Header(facts)
    header.group("TPM_RC (Part 2, 6.6.3) without position.", "rc", 16, rows)
    return header


def main(folder, output):
    headers = {"algorithm_ids": algorithms, "command_codes": commands, "property_tags": properties,
               "handles": handles, "rc_values": codes}
    pathlib.Path(output).mkdir(exist_ok=True)
    for name, make in headers.items():
        make(folder).write(pathlib.Path(output, f"{name}.h"))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
