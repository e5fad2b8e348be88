# SPDX-License-Identifier: BSD-2-Clause
"""codes/*.json as C++ tables: codes_data.py KNOWLEDGE_DIR OUTPUT.cpp"""

import pathlib
import sys

from causes import SEVERITIES, CauseChecker, CauseTables, Commands, enumerator, text_list, texts
from facts import Facts, Pool, array, literal, write

# In the order of enum RcFormat, by which the table is sorted; with the numbers that each has.
FORMATS = {
    "tpm12": range(0x001, 0x080),
    "format0-error": range(0x100, 0x180),
    "format0-warning": range(0x900, 0x980),
    "format1": range(0x080, 0x0C0),
    "base": range(0x001, 0xF800)}
CODE_KEYS = ("symbol", "number", "format", "clause", "meaning", "severity", "source", "causes")


class Code:
    """One file."""

    def __init__(self, folder, name, commands):
        self.facts, self.name = Facts(folder, f"codes/{name}"), name
        root = self.root = self.facts.root
        self.facts.keys(root, "", CODE_KEYS, ("decoder_texts",))
        texts(self.facts, root, "", ("symbol", "clause", "meaning"))
        self.facts.choice(root["format"], "/format", tuple(FORMATS))
        self.facts.choice(root["severity"], "/severity", SEVERITIES)
        self.number = self.facts.number(root["number"], "/number", 16)
        self.facts.require(self.number in FORMATS[root["format"]], "/number",
                           f"'{root['number']}' is not of format {root['format']}")
        is_base = root["symbol"].startswith("TSS2_BASE_RC_")
        self.facts.require(is_base == (root["format"] == "base"), "/symbol",
                           "base codes, and no others, are named TSS2_BASE_RC_...")
        text_list(self.facts, root["source"], "/source")
        text_list(self.facts, root.get("decoder_texts", ["none"]), "/decoder_texts")
        CauseChecker(self.facts, commands).check(root["causes"], "/causes")

    def key(self):
        return list(FORMATS).index(self.root["format"]), self.number

    def identities(self):
        """What no other file may have: the number among codes of its kind, and the symbol."""
        kind = self.root["format"] if self.root["format"] in ("tpm12", "base") else "tpm"
        return (("/number", (kind, self.number)), ("/symbol", self.root["symbol"].lower()))


class Tables:
    """The C++ rows of all codes."""

    def __init__(self, folder, commands):
        self.texts = Pool("std::string_view", "kTexts")
        self.causes = CauseTables(folder, commands)

    def row(self, code):
        root = code.root
        lines = self.texts.span([literal(text) for text in root.get("decoder_texts", ())])
        return (f"{{{enumerator('RcFormat', root['format'])}, {root['number']}, "
                f"{literal(root['symbol'])}, {literal(root['clause'])}, "
                f"{literal(root['meaning'])}, {enumerator('RcSeverity', root['severity'])}, "
                f"{lines}, {self.causes.span(root['causes'])}}}")


def read_codes(folder, commands):
    names = sorted(path.name for path in pathlib.Path(folder, "codes").glob("*.json"))
    codes, seen = [Code(folder, name, commands) for name in names], {}
    for code in codes:
        for pointer, identity in code.identities():
            code.facts.require(identity not in seen, pointer,
                               f"{identity[-1] if pointer == '/symbol' else code.root['number']}"
                               f" is already in {seen.get(identity)}")
            seen[identity] = code.name
    return sorted(codes, key=Code.key)


def main(folder, output):
    commands = Commands(folder)
    tables = Tables(folder, commands)
    rows = [tables.row(code) for code in read_codes(folder, commands)]
    body = "\n".join((tables.texts.text(), tables.causes.text(),
                      array("CodeInfo", "kCodes", rows), "}  // namespace\n",
                      "std::span<const CodeInfo> codes() { return kCodes; }\n"))
    write(output, __file__, ("knowledge/codes.h",), body)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
