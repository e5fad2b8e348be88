# SPDX-License-Identifier: BSD-2-Clause
"""commands.json and structures.json as C++ tables: commands_data.py KNOWLEDGE_DIR OUTPUT.cpp"""

import sys

from facts import Facts, Pool, array, literal, write
from structure_facts import Types

AUTHS = ("none", "user", "admin", "dup")
DURATIONS = ("quick", "crypto", "self_test", "key_generation")
EFFECTS = ("transient", "session", "nv", "persistent", "hierarchy", "clear", "pcr", "lockout", "startup",
           "clock", "firmware", "audit", "vendor")
LISTS = ("handles", "parameters", "response_handles", "response_parameters")


def flag(value):
    return "true" if value else "false"


class Commands:
    """The rows of the command table."""

    def __init__(self, folder, types):
        self.facts, self.types = Facts(folder, "commands.json"), types
        self.handles, self.fields = Pool("HandleField", "kHandles"), Pool("Field", "kFields")
        rows = self.facts.root["commands"]
        for at, row in enumerate(rows):
            self.facts.keys(row, f"/commands/{at}", ("code", "name", "duration"),
                            ("aliases", "effects") + LISTS)
        self.codes = [self.facts.number(row["code"], f"/commands/{at}/code", 32)
                      for at, row in enumerate(rows)]
        self.facts.ascending(self.codes, "/commands")
        self._unique_names(rows)
        self.rows = [self._row(row, f"/commands/{at}") for at, row in enumerate(rows)]
        self.aliases = [f"{{{literal(alias)}, {row['code']}}}" for row in rows
                        for alias in row.get("aliases", ())]

    def _unique_names(self, rows):
        seen = set()
        for at, row in enumerate(rows):
            for name in [row["name"], *row.get("aliases", ())]:
                self.facts.require(name.lower() not in seen, f"/commands/{at}", f"'{name}' is taken")
                seen.add(name.lower())

    def _row(self, row, pointer):
        effects = [f"Effect::{self.facts.choice(effect, pointer + '/effects', EFFECTS)}"
                   for effect in row.get("effects", ())]
        bits = " | ".join(f"static_cast<std::uint16_t>({effect})" for effect in effects) or "0"
        duration = self.facts.choice(row["duration"], f"{pointer}/duration", DURATIONS)
        return ", ".join([f"{{{row['code']}", literal(row["name"]), bits, f"DurationClass::{duration}",
                          self._handles(row, pointer, "handles", 3),
                          self._fields(row, pointer, "parameters"),
                          self._handles(row, pointer, "response_handles", 2),
                          self._fields(row, pointer, "response_parameters") + "}"])

    def _type(self, name, pointer):
        self.facts.require(name in self.types.table, pointer, f"type '{name}' is not in structures.json")
        return self.types.table[name]

    def _handles(self, row, pointer, key, words):
        rows, last = [], "user"
        for at, text in enumerate(row.get(key, ())):
            here = f"{pointer}/{key}/{at}"
            kind, name, *auth = self.facts.words(text, here, words, words)
            self.facts.require(self._type(kind, here).width == 4, here, f"'{kind}' is not a handle")
            auth = self.facts.choice(auth[0] if auth else "none", here, AUTHS)
            self.facts.require(auth == "none" or last != "none", here,
                               "handles with authorization come first (Part 1, 18.4)")
            last = auth
            rows.append(f"{{{literal(name)}, {literal(kind)}, HandleAuth::{auth}}}")
        return self.handles.span(rows)

    def _fields(self, row, pointer, key):
        rows = []
        for at, text in enumerate(row.get(key, ())):
            here = f"{pointer}/{key}/{at}"
            kind, name = self.facts.words(text, here, 2, 2)
            self._type(kind, here)
            rows.append(f"{{{literal(name)}, {self.types.index(kind)}}}")
        return self.fields.span(rows)


def type_rows(types, members, alternatives):
    rows = []
    for name in types.order:
        row = types.table[name]
        minimum, fixed = types.sizes[name]
        inner = members.span([f"{{{literal(member)}, {types.index(kind)}, {flag(selected)}}}"
                              for member, kind, selected in row.members])
        others = alternatives.span([f"{{{number:#x}, {literal(member)}, {types.index(kind)}}}"
                                    for number, member, kind in row.alternatives])
        rows.append(f"{{{literal(name)}, Kind::{row.kind}, {row.width}, {row.selector}, "
                    f"{flag(row.optional)}, {flag(fixed)}, {minimum}, {row.maximum}u, {inner}, {others}}}")
    return rows


def main(folder, output):
    types = Types(folder)
    commands = Commands(folder, types)
    members, alternatives = Pool("Member", "kMembers"), Pool("Alternative", "kAlternatives")
    rows = type_rows(types, members, alternatives)
    body = "\n".join([
        f"static_assert({types.depth + 2} <= kMaxDepth, \"a type is nested deeper than its readers allow\");\n",
        members.text(), alternatives.text(), array("TypeInfo", "kTypes", rows),
        commands.handles.text(), commands.fields.text(), array("CommandInfo", "kCommands", commands.rows),
        array("CommandAlias", "kAliases", commands.aliases),
        "}  // namespace\n",
        "std::span<const TypeInfo> types() { return kTypes; }",
        "std::span<const CommandInfo> commands() { return kCommands; }",
        "std::span<const CommandAlias> command_aliases() { return kAliases; }\n"])
    write(output, __file__, ("knowledge/command_table.h", "knowledge/command_table.h"), body)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
