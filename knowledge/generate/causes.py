# SPDX-License-Identifier: BSD-2-Clause
"""Causes, which the files of codes/ and messages/ have alike: checking them, writing them as C++."""

import json
import pathlib

from facts import Facts, Pool, literal

CLASSES = (
    "unsupported-algorithm", "firmware-defect", "lockout", "auth", "permissions", "no-device",
    "resource-exhaustion", "provisioning", "ek-certificate", "key-lost-after-clear",
    "version-mismatch", "middleware-bug", "policy/pcr-mismatch", "nv", "misuse", "other")
SEVERITIES = ("error", "warning", "follow-up", "harmless")
LAYERS = {"tpm": (0,), "fapi": (6,), "esys": (7,), "sys": (8,), "mu": (9,), "tcti": (10,),
          "rm": (11, 12), "policy": (13,)}
PLACES = {"parameter": "parameters", "handle": "handles"}
CAUSE_KEYS = ("class", "summary", "confirm", "fix", "source")
WHEN_KEYS = ("command", "layer", "parameter", "handle", "context")
# A set of context words is one of bits: knowledge/context.h has the same bound.
MOST_CONTEXT_WORDS = 384


def as_list(value):
    return value if isinstance(value, list) else [value]


def enumerator(kind, word):
    return f"{kind}::" + word.replace("-", "_").replace("/", "_")


def texts(facts, value, pointer, keys):
    for key in keys:
        text(facts, value[key], f"{pointer}/{key}")


def text(facts, value, pointer):
    facts.require(isinstance(value, str) and value.strip(), pointer,
                  "must be a text that is not empty")


def text_list(facts, value, pointer):
    facts.require(isinstance(value, list) and value, pointer, "must be a list that is not empty")
    for at, each in enumerate(value):
        text(facts, each, f"{pointer}/{at}")


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


class CauseChecker:
    """Checks the list `causes` of one file."""

    def __init__(self, facts, commands, when_keys=WHEN_KEYS):
        self.facts, self.commands, self.when_keys = facts, commands, when_keys

    def check(self, causes, pointer):
        self.facts.require(isinstance(causes, list), pointer, "must be a list")
        for at, cause in enumerate(causes):
            self._check_cause(cause, f"{pointer}/{at}")

    def _check_cause(self, cause, pointer):
        self.facts.keys(cause, pointer, CAUSE_KEYS, ("when", "severity"))
        texts(self.facts, cause, pointer, ("summary", "confirm", "fix"))
        text_list(self.facts, cause["source"], f"{pointer}/source")
        self.facts.choice(cause["class"], f"{pointer}/class", CLASSES)
        self.facts.choice(cause.get("severity", "error"), f"{pointer}/severity", SEVERITIES)
        self._check_when(cause.get("when", {}), f"{pointer}/when")

    def _check_when(self, when, pointer):
        facts = self.facts
        facts.keys(when, pointer, (), self.when_keys)
        commands = as_list(when.get("command", []))
        for name in commands:
            facts.require(name in self.commands.codes, f"{pointer}/command",
                          f"'{name}' is not a command")
        for name in as_list(when.get("layer", [])):
            facts.choice(name, f"{pointer}/layer", tuple(LAYERS))
        facts.require(len(when.keys() & PLACES.keys()) < 2, pointer,
                      "'parameter' and 'handle' exclude each other")
        for place in when.keys() & PLACES.keys():
            facts.require(self.commands.have_field(place, when[place], commands),
                          f"{pointer}/{place}", f"'{when[place]}' is not a {place} there")
        if "context" in when:
            text_list(facts, when["context"], f"{pointer}/context")
            for at, word in enumerate(when["context"]):
                facts.require(word == word.lower() and len(word) > 2, f"{pointer}/context/{at}",
                              f"'{word}' must be in small letters, three at least")


def causes_of(root):
    """All causes of one file of codes/ or messages/."""
    yield from root.get("causes", ())
    for message in root.get("messages", ()):
        yield from message.get("causes", ())


def context_words(folder):
    """Every context word of every cause, sorted: the position of a word is its number."""
    words = set()
    for path in sorted(pathlib.Path(folder).glob("codes/*.json")) + sorted(
            pathlib.Path(folder).glob("messages/*.json")):
        root = json.loads(path.read_text())
        for cause in causes_of(root) if isinstance(root, dict) else ():
            when = cause.get("when") if isinstance(cause, dict) else None
            words |= set(when.get("context", ())) if isinstance(when, dict) else set()
    return sorted(words)


class CauseTables:
    """The C++ rows of causes, and of the lists inside them."""

    def __init__(self, folder, commands):
        self.commands = commands
        self.words = {word: number for number, word in enumerate(context_words(folder))}
        self.pools = (Pool("std::uint32_t", "kCommands"), Pool("std::uint16_t", "kContexts"),
                      Pool("Cause", "kCauses"))
        self.command_codes, self.contexts, self.causes = self.pools

    def span(self, causes):
        return self.causes.span([self._cause(cause) for cause in causes])

    def text(self):
        return "\n".join(pool.text() for pool in self.pools if pool.rows)

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
        words = [self.words[word] for word in when.get("context", [])]
        return (f"{{{self.command_codes.span(codes)}, {layers}, RcPlace::{place}, "
                f"{literal(when.get(place, ''))}, {self.contexts.span(words)}}}")
