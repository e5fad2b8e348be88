# SPDX-License-Identifier: BSD-2-Clause
"""Writes style sheet and script of the pages as C++: embed.py FOLDER OUTPUT."""
import pathlib
import sys

FUNCTIONS = {"style.css": "style_sheet", "search.js": "search_script"}
DELIMITER = "asset"


def function(folder: pathlib.Path, name: str) -> str:
    text = (folder / name).read_text(encoding="utf-8")
    if f"){DELIMITER}\"" in text:
        sys.exit(f"{name} contains the end of a raw string")
    return (
        f"std::string_view tpmprobe::explain::pages::{FUNCTIONS[name]}() {{\n"
        f'  return R"{DELIMITER}({text}){DELIMITER}";\n'
        "}\n"
    )


def main(folder: str, output: str) -> None:
    functions = [function(pathlib.Path(folder), name) for name in FUNCTIONS]
    pathlib.Path(output).write_text(
        "// Written by explain/pages/embed.py; edit the files beside that and not this one.\n"
        '#include "explain/pages/pages.h"\n\n' + "\n".join(functions),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
