# SPDX-License-Identifier: BSD-2-Clause
"""codes/*.json as C++ tables: codes_data.py KNOWLEDGE_DIR OUTPUT.cpp"""

import pathlib
import sys

from facts import Facts, Pool, array, literal, write

CLASSES = (
    "unsupported-algorithm", "firmware-defect", "lockout", "auth", "permissions", "no-device",
    "resource-exhaustion", "provisioning", "ek-certificate", "key-lost-after-clear",
    "version-mismatch", "middleware-bug", "policy/pcr-mismatch", "nv", "misuse", "other")
SEVERITIES = ("error", "warning", "follow-up", "harmless")
LAYERS = {"tpm": (0,), "fapi": (6,), "esys": (7,), "sys": (8,), "mu": (9,), "tcti": (10,),
          "rm": (11, 12), "policy": (13,)}
# In the order of enum RcFormat, by which the table is sorted; with the numbers that each has.
FORMATS = {
    "tpm12": range(0x001, 0x080),
    "format0-error": range(0x100, 0x180),
    "format0-warning": range(0x900, 0x980),
    "format1": range(0x080, 0x0C0),
    "base": range(0x001, 0xF800)}
PLACES = {"parameter": "parameters", "handle": "handles"}
CODE_KEYS = ("symbol", "number", "format", "clause", "meaning", "severity", "source", "causes")
CAUSE_KEYS = ("class", "summary", "confirm", "fix", "source")
WHEN_KEYS = ("command", "layer", "parameter", "handle")


def as_list(value):
    return value if isinstance(value, list) else [value]


def enumerator(kind, word):
    return f"{kind}::" + word.replace("-", "_").replace("/", "_")


class Commands:
    """Codes of the commands by name, and the names of their fields."""

    def __init__(self, folder):
        rows = Facts(folder, "commands.json").root["commands"]
        self.codes = {row["name"]: row["code"] for row in rows}
        self.fields = {
            row["name"]: {place: [field.split()[1] for field in row.get(key, ())]
                          for place, key in PLACES.items()} for row in rows}

    def have_field(self, place, name, commands):
        """True if all these commands have the field; if none are named, any command may have it."""
        having = [name in self.fields[command][place] for command in commands or self.fields]
        return all(having) if commands else any(having)


class Code:
    """One file."""

    def __init__(self, folder, name, commands):
        self.facts, self.commands, self.name = Facts(folder, f"codes/{name}"), commands, name
        root = self.root = self.facts.root
        self.facts.keys(root, "", CODE_KEYS, ("decoder_texts",))
        self._texts(root, "", ("symbol", "clause", "meaning"))
        self.facts.choice(root["format"], "/format", tuple(FORMATS))
        self.facts.choice(root["severity"], "/severity", SEVERITIES)
        self.number = self.facts.number(root["number"], "/number", 16)
        self.facts.require(self.number in FORMATS[root["format"]], "/number",
                           f"'{root['number']}' is not of format {root['format']}")
        is_base = root["symbol"].startswith("TSS2_BASE_RC_")
        self.facts.require(is_base == (root["format"] == "base"), "/symbol",
                           "base codes, and no others, are named TSS2_BASE_RC_...")
        self._list(root["source"], "/source")
        self._list(root.get("decoder_texts", ["none"]), "/decoder_texts")
        self.facts.require(isinstance(root["causes"], list), "/causes", "must be a list")
        for at, cause in enumerate(root["causes"]):
            self._check_cause(cause, f"/causes/{at}")

    def key(self):
        return list(FORMATS).index(self.root["format"]), self.number

    def identities(self):
        """What no other file may have: the number among codes of its kind, and the symbol."""
        kind = self.root["format"] if self.root["format"] in ("tpm12", "base") else "tpm"
        return (("/number", (kind, self.number)), ("/symbol", self.root["symbol"].lower()))

    def _text(self, value, pointer):
        self.facts.require(isinstance(value, str) and value.strip(), pointer,
                           "must be a text that is not empty")

    def _texts(self, value, pointer, keys):
        for key in keys:
            self._text(value[key], f"{pointer}/{key}")

    def _list(self, value, pointer):
        self.facts.require(isinstance(value, list) and value, pointer,
                           "must be a list that is not empty")
        for at, text in enumerate(value):
            self._text(text, f"{pointer}/{at}")

    def _check_cause(self, cause, pointer):
        self.facts.keys(cause, pointer, CAUSE_KEYS, ("when", "severity"))
        self._texts(cause, pointer, ("summary", "confirm", "fix"))
        self._list(cause["source"], f"{pointer}/source")
        self.facts.choice(cause["class"], f"{pointer}/class", CLASSES)
        self.facts.choice(cause.get("severity", "error"), f"{pointer}/severity", SEVERITIES)
        self._check_when(cause.get("when", {}), f"{pointer}/when")

    def _check_when(self, when, pointer):
        self.facts.keys(when, pointer, (), WHEN_KEYS)
        commands = as_list(when.get("command", []))
        for name in commands:
            self.facts.require(name in self.commands.codes, f"{pointer}/command",
                               f"'{name}' is not a command")
        for name in as_list(when.get("layer", [])):
            self.facts.choice(name, f"{pointer}/layer", tuple(LAYERS))
        self.facts.require(len(when.keys() & PLACES.keys()) < 2, pointer,
                           "'parameter' and 'handle' exclude each other")
        for place in when.keys() & PLACES.keys():
            self.facts.require(self.commands.have_field(place, when[place], commands),
                               f"{pointer}/{place}", f"'{when[place]}' is no {place} there")


class Tables:
    """The C++ rows of all codes."""

    def __init__(self, commands):
        self.commands = commands
        self.texts = Pool("std::string_view", "kTexts")
        self.command_codes = Pool("std::uint32_t", "kCommands")
        self.causes = Pool("Cause", "kCauses")

    def row(self, code):
        root = code.root
        texts = self.texts.span([literal(text) for text in root.get("decoder_texts", ())])
        causes = self.causes.span([self._cause(cause) for cause in root["causes"]])
        return (f"{{{enumerator('RcFormat', root['format'])}, {root['number']}, "
                f"{literal(root['symbol'])}, {literal(root['clause'])}, "
                f"{literal(root['meaning'])}, {enumerator('RcSeverity', root['severity'])}, "
                f"{texts}, {causes}}}")

    def _cause(self, cause):
        severity = cause.get("severity")
        return (f"{{{enumerator('CauseClass', cause['class'])}, {literal(cause['summary'])}, "
                f"{literal(cause['confirm'])}, {literal(cause['fix'])}, "
                f"{self._when(cause.get('when', {}))}, "
                f"{enumerator('RcSeverity', severity) if severity else 'std::nullopt'}}}")

    def _when(self, when):
        codes = [self.commands.codes[name] for name in as_list(when.get("command", []))]
        layers = sum(1 << number for name in as_list(when.get("layer", []))
                     for number in LAYERS[name])
        place = next(iter(when.keys() & PLACES.keys()), "none")
        return (f"{{{self.command_codes.span(codes)}, {layers}, RcPlace::{place}, "
                f"{literal(when.get(place, ''))}}}")


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
    tables = Tables(commands)
    rows = [tables.row(code) for code in read_codes(folder, commands)]
    body = "\n".join((tables.texts.text(), tables.command_codes.text(), tables.causes.text(),
                      array("CodeInfo", "kCodes", rows), "}  // namespace\n",
                      "std::span<const CodeInfo> codes() { return kCodes; }\n"))
    write(output, __file__, ("knowledge/codes.h",), body)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
