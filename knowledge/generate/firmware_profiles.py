# SPDX-License-Identifier: BSD-2-Clause
"""The files of knowledge/firmware from measurements of real TPMs, one JSON object a line:
firmware_profiles.py DEVICES.jsonl OUTPUT_DIR"""

import json
import pathlib
import sys

SOURCE = "tpmscan-dataset, crocs-muni, commit 9522a3a"
RSA, KEYEDHASH, ECC, SYMCIPHER = "0x0001", "0x0008", "0x0023", "0x0025"
NULL_SCHEME = "0x0010"
# A profile speaks of one symmetric algorithm; SM4 was measured on few.
SM4 = "0x0013"
HASHES = {"SHA-256": "0x000b"}
# TPM2_ZGen_2Phase went by a shorter name in the program that measured.
COMMANDS = {"ZGen": "ZGen_2Phase"}
# TPMA_ALGORITHM (Part 2, 8.2).
ATTRIBUTES = {"asymmetric": 0, "symmetric": 1, "hash": 2, "object": 3, "signing": 8,
              "encrypting": 9, "method": 10}
PT_REVISION = 0x102
# TPM_PT_REVISION of those whose measurement lost it (it is printed without its raw value).
REVISIONS = {
    "amd-3.37.0.5": 138, "amd-3.51.0.5": 138, "ifx-7.40.8.12800": 116, "ifx-7.62.12.13824": 116,
    "ifx-7.83.13.7680": 116, "ifx-7.85.17.51968": 138, "intc-10.0.36.1030": 103,
    "intc-10.0.60.3000": 103, "intc-11.8.50.3425": 116, "intc-2.0.0.2056": 103,
    "intc-2.0.4.3098": 103, "intc-302.12.0.0": 116, "intc-403.1.0.0": 138,
    "intc-600.18.25.1917": 138, "intc-600.7.41.2142": 138, "ntc-1.3.0.1": 116,
    "ntc-1.3.2.8": 116, "ntc-7.2.0.1": 116, "ntc-7.2.2.0": 138, "stm-1.258.0.0": 138,
    "stm-1.512.0.0": 138}
# Defects that were recovered from the signatures and keys of the measurement, by start of the name.
QUIRKS = {
    "Q23": ("ifx-5.61.", "ifx-7.40.", "ifx-7.61.", "ifx-7.62.", "ifx-7.63.", "intc-2.", "intc-11.",
            "stm-71.12."),
    "Q29": ("intc-11.5.0.1058", "intc-11.6.10.1196", "intc-303.12.0.0"),
    "Q33": ("ifx-5.61.10.57600", "ifx-7.40.8.12800", "ifx-7.61.10.57600")}
# The only code of an unsupported scheme that is not the fault of the program that measured.
SCHEME_REFUSED = "02d2"


def word(value, digits):
    return f"0x{value:0{digits}x}"


def property_tags():
    path = pathlib.Path(__file__).parent.parent / "properties.json"
    rows = json.loads(path.read_text())["properties"]
    return {row["symbol"].replace("TPM_", "TPM2_", 1): int(row["tag"], 16) for row in rows}


def properties_of(name, device, tags):
    values = {tags[symbol]: value for symbol, value in device["properties_fixed"].items()}
    if PT_REVISION not in values:
        values[PT_REVISION] = REVISIONS[name]
    return [[word(tag, 3), word(value, 8)] for tag, value in sorted(values.items())]


def use_of(operation):
    """What was done, in the members of a profile: command, type, size, curve, scheme, hash."""
    command = operation["op"].removeprefix("TPM2_")
    use = {"command": COMMANDS.get(command, command)}
    kind, *rest = operation["params"].split()
    if kind == "RSA":
        use |= {"type": RSA, "size": int(rest[0])}
    elif kind == "ECC":
        use |= {"type": ECC, "curve": rest[0]}
    elif kind.startswith("0x"):
        use |= {"type": ECC, "curve": kind}
    elif kind == "HMAC":
        use |= {"type": KEYEDHASH}
    elif kind == "SYMCIPHER":
        use |= {"type": SYMCIPHER, "size": int(rest[1])}
    elif kind == "algorithm:":
        use |= {"type": SYMCIPHER, "size": int(operation["key length"])}
    elif kind == "hash":
        use |= {"type": KEYEDHASH} if command == "HMAC" else {}
        use |= {"hash": HASHES.get(rest[1], rest[1])}
    scheme = operation.get("scheme", operation.get("mode"))
    return use | ({"scheme": scheme} if scheme else {})


def times_of(operations):
    """Encryption and decryption of one mode are one use of one command: the mean of both."""
    uses = {}
    for operation in operations:
        if operation["ok"]:
            use = use_of(operation)
            uses.setdefault(json.dumps(use), []).append(operation)
    mean = lambda same: round(sum(row["avg_ms"] for row in same) / len(same), 2)
    return [json.loads(use) | {"ms": [mean(same), min(row["min_ms"] for row in same),
                                      max(row["max_ms"] for row in same)]}
            for use, same in uses.items()]


def codes_of(operations):
    """A command that names no curve (its key does) is refused for its scheme alone."""
    codes = []
    for operation in operations:
        if operation["ok"] == 0 and operation["error"] == SCHEME_REFUSED:
            use = use_of(operation)
            code = {"command": use["command"]}
            code |= {"curve": use["curve"]} if use["command"] == "Create" else {}
            code |= {"scheme": use.get("scheme", NULL_SCHEME), "rc": "0x2d2"}
            if code not in codes:
                codes.append(code)
    return codes


def created(operations, key_type):
    """Sizes of keys that were created; None if nothing of the kind was tried."""
    uses = [(use_of(row), row["ok"]) for row in operations if row["op"] == "TPM2_Create"]
    tried = [(use["size"], ok) for use, ok in uses if use["type"] == key_type]
    return sorted(size for size, ok in tried if ok) if tried else None


def profile_of(device, tags):
    name = f'{device["manufacturer"].lower()}-{device["firmware"]}'
    operations = [row for row in device["operations"] if SM4 not in row["params"].split()]
    profile = {
        "name": name,
        "source": SOURCE,
        "algorithms": [[word(row["id"], 4),
                        word(sum(1 << ATTRIBUTES[bit] for bit in row["attributes"]), 4)]
                       for row in device["algorithms"]],
        "curves": [word(row["id"], 4) for row in device["curves"]],
        "commands": [word(row["attributes"], 8) for row in device["commands"]],
        "propertiesFixed": properties_of(name, device, tags),
        "rsaBits": created(operations, RSA),
        "aesBits": created(operations, SYMCIPHER),
        "quirks": [quirk for quirk, starts in QUIRKS.items() if name.startswith(starts)],
        "codes": codes_of(operations),
        "times": times_of(operations)}
    return {key: value for key, value in profile.items() if value is not None}


def text_of(profile):
    """A list on one line, but for lists of objects: one object a line."""
    lines = []
    for name, value in profile.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n    ".join(json.dumps(row) for row in value)
            lines.append(f'  "{name}": [\n    {rows}]')
        else:
            lines.append(f'  "{name}": {json.dumps(value)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main(devices, output):
    tags = property_tags()
    for line in pathlib.Path(devices).read_text().splitlines():
        profile = profile_of(json.loads(line), tags)
        (pathlib.Path(output) / f'{profile["name"]}.json').write_text(text_of(profile))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
