# SPDX-License-Identifier: BSD-2-Clause
"""Files that are read at run time, too (a user may give one of his own), as texts of the program:
documents_data.py KNOWLEDGE_DIR OUTPUT.cpp"""

import json
import pathlib
import sys

from facts import Facts, array, literal, write

PIECE = 8000  # a compiler need not take longer string literals (C++20, annex B: 65536)


def text_of(folder, path):
    facts = Facts(folder, path.relative_to(folder))
    text = json.dumps(facts.root, ensure_ascii=False, separators=(",", ":"))
    pieces = [text[at:at + PIECE] for at in range(0, len(text), PIECE)]
    return "\n        ".join(literal(piece) for piece in pieces)


def documents(folder, kind):
    paths = sorted((folder / kind).glob("*.json"), key=lambda path: path.stem)
    return [f"{{{literal(path.stem)},\n        {text_of(folder, path)}}}" for path in paths]


def main(folder, output):
    folder = pathlib.Path(folder)
    write(output, __file__, ("knowledge/document.h",), "\n".join([
        array("Document", "kQuirks", documents(folder, "quirks")),
        array("Document", "kFirmware", documents(folder, "firmware")),
        f"constexpr std::string_view kAdvisories =\n        {text_of(folder, folder / 'advisories.json')};\n",
        "}  // namespace\n",
        "std::span<const Document> quirk_documents() { return kQuirks; }",
        "std::span<const Document> firmware_documents() { return kFirmware; }",
        "std::string_view advisories_document() { return kAdvisories; }\n"]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
