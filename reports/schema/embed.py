# SPDX-License-Identifier: BSD-2-Clause
"""Writes the JSON schema as C++: embed.py SCHEMA OUTPUT. Broken JSON fails the build."""
import json
import pathlib
import sys

DELIMITER = "schema"


def main(schema: str, output: str) -> None:
    text = pathlib.Path(schema).read_text(encoding="utf-8")
    json.loads(text)
    if f"){DELIMITER}\"" in text:
        sys.exit(f"{schema} contains the end of a raw string")
    pathlib.Path(output).write_text(
        "// Written by reports/schema/embed.py; edit the schema and not this file.\n"
        '#include "reports/json/json_report.h"\n\n'
        "std::string_view tpmprobe::reports::report_schema() {\n"
        f'  return R"{DELIMITER}({text}){DELIMITER}";\n'
        "}\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
