#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Validates tpmprobe reports: validate.py REPORT.json... ('-' is standard input).

Prints every way in which a report breaks reports/schema/report.schema.json, with the place, and
exits 1 if there is one. Duplicate keys and non-finite numbers break it too. With `--schema explain`
in front the schema is that of `tpmprobe explain`, with `--schema doctor` that of `tpmprobe doctor`.
"""
import json
import pathlib
import sys

import jsonschema

ROOT = pathlib.Path(__file__).parents[2]
SCHEMAS = {
    "report": ROOT / "reports/schema/report.schema.json",
    "doctor": ROOT / "doctor/doctor.schema.json",
    "explain": ROOT / "explain/explain.schema.json",
}


def unique_keys(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"duplicate key among {keys}")
    return dict(pairs)


def no_constant(name):
    raise ValueError(f"{name} is not JSON")


def load(path: str):
    octets = sys.stdin.buffer.read() if path == "-" else pathlib.Path(path).read_bytes()
    text = octets.decode("utf-8")
    return json.loads(text, object_pairs_hook=unique_keys, parse_constant=no_constant)


def errors_of(validator, path: str):
    try:
        report = load(path)
    except (OSError, ValueError) as error:
        return [str(error)]
    found = sorted(validator.iter_errors(report), key=lambda error: list(map(str, error.path)))
    return ["/" + "/".join(map(str, error.path)) + ": " + error.message for error in found]


def main(paths) -> int:
    name = "report"
    if paths[0] == "--schema":
        name, paths = paths[1], paths[2:]
    schema = json.loads(SCHEMAS[name].read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    broken = [f"{path}: {error}" for path in paths for error in errors_of(validator, path)]
    print("\n".join(broken), end="\n" if broken else "")
    return 1 if broken else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
