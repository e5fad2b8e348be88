# SPDX-License-Identifier: BSD-2-Clause
"""messages/*.json as C++ tables: messages_data.py KNOWLEDGE_DIR OUTPUT.cpp"""

import pathlib
import re
import sys

from causes import (LAYERS, SEVERITIES, CauseChecker, CauseTables, Commands, enumerator, text,
                    text_list, texts)
from facts import Facts, Pool, array, literal, write

FAMILY_KEYS = ("family", "source", "messages")
MESSAGE_KEYS = ("id", "texts", "severity", "sentence", "meaning", "causes")
MESSAGE_OPTIONS = ("symbol", "layer", "root", "command")
SHORTEST_LITERAL = 6  # less is found in too many lines


class Family:
    """One file."""

    def __init__(self, folder, name, commands):
        self.facts = Facts(folder, f"messages/{name}")
        root = self.root = self.facts.root
        self.facts.keys(root, "", FAMILY_KEYS)
        text(self.facts, root["family"], "/family")
        text_list(self.facts, root["source"], "/source")
        self.facts.require(isinstance(root["messages"], list) and root["messages"], "/messages",
                           "must be a list that is not empty")
        self.causes = CauseChecker(self.facts, commands, ("context",))
        for at, message in enumerate(root["messages"]):
            self._check(message, f"/messages/{at}")

    def _check(self, message, pointer):
        facts = self.facts
        facts.keys(message, pointer, MESSAGE_KEYS, MESSAGE_OPTIONS)
        texts(facts, message, pointer, ("id", "sentence", "meaning"))
        facts.require(re.fullmatch(r"[a-z0-9-]+", message["id"]), f"{pointer}/id",
                      f"'{message['id']}' must be of small letters, digits and '-'")
        facts.choice(message["severity"], f"{pointer}/severity", SEVERITIES)
        facts.require(message["sentence"].endswith("."), f"{pointer}/sentence",
                      "must end with a full stop")
        facts.require(isinstance(message.get("root", False), bool), f"{pointer}/root",
                      "must be true or false")
        facts.choice(message.get("layer", "tpm"), f"{pointer}/layer", tuple(LAYERS))
        facts.require(message.get("command", "Sign") in self.causes.commands.codes,
                      f"{pointer}/command", f"'{message.get('command')}' is not a command")
        text_list(facts, message["texts"], f"{pointer}/texts")
        for at, pattern in enumerate(message["texts"]):
            longest = max(map(len, pattern.split("*")))
            facts.require(pattern == pattern.lower(), f"{pointer}/texts/{at}",
                          "must be in small letters")
            facts.require(longest >= SHORTEST_LITERAL, f"{pointer}/texts/{at}",
                          f"needs {SHORTEST_LITERAL} characters without a '*' between")
        self.causes.check(message["causes"], f"{pointer}/causes")
        facts.require(message["causes"], f"{pointer}/causes", "must not be empty")


def read_families(folder, commands):
    names = sorted(path.name for path in pathlib.Path(folder, "messages").glob("*.json"))
    families, seen = [Family(folder, name, commands) for name in names], {}
    for family in families:
        for at, message in enumerate(family.root["messages"]):
            for pointer, value in [("id", message["id"])] + [
                    (f"texts/{n}", pattern) for n, pattern in enumerate(message["texts"])]:
                family.facts.require(value not in seen, f"/messages/{at}/{pointer}",
                                     f"'{value}' is already in {seen.get(value)}")
                seen[value] = family.root["family"]
    return families


def row(family, message, patterns, causes):
    layer = message.get("layer")
    return (f"{{{literal(message['id'])}, {literal(family['family'])}, "
            f"{patterns.span([literal(each) for each in message['texts']])}, "
            f"{enumerator('RcSeverity', message['severity'])}, "
            f"{'true' if message.get('root') else 'false'}, {literal(message.get('symbol', ''))}, "
            f"{f'RcLayer({LAYERS[layer][0]})' if layer else 'std::nullopt'}, "
            f"{causes.commands.codes.get(message.get('command'), 0)}, "
            f"{literal(message['sentence'])}, {literal(message['meaning'])}, "
            f"{causes.span(message['causes'])}}}")


def main(folder, output):
    commands = Commands(folder)
    patterns, causes = Pool("std::string_view", "kPatterns"), CauseTables(folder, commands)
    rows = [row(family.root, message, patterns, causes)
            for family in read_families(folder, commands) for message in family.root["messages"]]
    body = "\n".join((patterns.text(), causes.text(), array("MessageInfo", "kMessages", rows),
                      "}  // namespace\n",
                      "std::span<const MessageInfo> messages() { return kMessages; }\n"))
    write(output, __file__, ("knowledge/messages.h",), body)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
